package dev.petiole.registry.watch;

import dev.petiole.api.watch.ListPage;
import dev.petiole.api.watch.Tagged;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Gives every representation its resource version as its entity tag (RFC 9110 §8.8.3), sends none that the reader
/// has already (§13.1.2), and no more of it than the reader wants.
@RestControllerAdvice
final class Representations implements ResponseBodyAdvice<Object> {

    private final JsonMapper json;

    Representations(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (!(body instanceof Tagged tagged)) {
            return body;
        }
        String tag = "\"" + tagged.resourceVersion() + "\"";
        if (isRead(request) && isKnown(request, tag) && response instanceof ServletServerHttpResponse servlet) {
            // Without a body nothing else would write them.
            servlet.getServletResponse().setHeader(HttpHeaders.ETAG, tag);
            servlet.getServletResponse().setStatus(HttpStatus.NOT_MODIFIED.value());
            return null;
        }
        response.getHeaders().setETag(tag);
        return isRead(request) && request instanceof ServletServerHttpRequest servlet
                ? shown(tagged, Projection.parse(servlet.getServletRequest().getParameter("fields")))
                : body;
    }

    private Object shown(Tagged body, @Nullable Projection projection) {
        if (projection == null) {
            return body;
        }
        if (!(body instanceof ListPage<?> page)) {
            return projection.of(body, json);
        }
        ObjectNode shown = json.valueToTree(new ListPage<>(List.of(), page.nextCursor(), page.resourceVersion()));
        JsonNode items = projection.of(page.items(), json);
        shown.set("items", items);
        return shown;
    }

    private static boolean isRead(ServerHttpRequest request) {
        return request.getMethod().equals(HttpMethod.GET) || request.getMethod().equals(HttpMethod.HEAD);
    }

    private static boolean isKnown(ServerHttpRequest request, String tag) {
        List<String> known = request.getHeaders().getOrEmpty(HttpHeaders.IF_NONE_MATCH);
        return known.stream()
                .flatMap(header -> List.of(header.split(",")).stream())
                .map(String::strip)
                .map(each -> each.startsWith("W/") ? each.substring(2) : each)
                .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }
}
