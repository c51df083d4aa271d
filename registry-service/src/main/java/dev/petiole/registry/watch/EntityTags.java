package dev.petiole.registry.watch;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.device.Device;
import dev.petiole.api.node.Node;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/// Gives every single item its resource version as its entity tag (RFC 9110 §8.8.3).
@RestControllerAdvice
final class EntityTags implements ResponseBodyAdvice<Object> {

    private static final Set<Class<?>> TAGGED = Set.of(Configuration.class, Device.class, Node.class);

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
        return TAGGED.contains(returnType.getParameterType());
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        switch (body) {
            case Configuration configuration -> tag(response, configuration.resourceVersion());
            case Device device -> tag(response, device.resourceVersion());
            case Node node -> tag(response, node.resourceVersion());
            case null, default -> {
                // Problems have no version.
            }
        }
        return body;
    }

    private static void tag(ServerHttpResponse response, String resourceVersion) {
        response.getHeaders().setETag("\"" + resourceVersion + "\"");
    }
}
