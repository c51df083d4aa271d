package dev.petiole.registry.query;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Whether a list is asked for, or the stream of its changes. Clients made from the API document say that they take
/// both, and mean the list: who takes JSON no less than events gets JSON, in whatever order they are named.
@Configuration(proxyBeanMethods = false)
public class ListOrWatch implements WebMvcConfigurer {

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.strategies(List.of(new Strategy()));
    }

    /// @param accepted the values of `Accept`
    public static boolean isWatch(List<String> accepted) {
        try {
            return wanted(MediaType.parseMediaTypes(accepted)).stream().anyMatch(ListOrWatch::isOfEvents);
        } catch (InvalidMediaTypeException _) {
            return false; // It is refused.
        }
    }

    private static List<MediaType> wanted(List<MediaType> accepted) {
        double events = accepted.stream()
                .filter(ListOrWatch::isOfEvents)
                .mapToDouble(MediaType::getQualityValue)
                .max()
                .orElse(0);
        boolean isListWanted = accepted.stream()
                .anyMatch(type -> type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                        && type.getQualityValue() > 0
                        && type.getQualityValue() >= events);
        return isListWanted
                ? accepted.stream().filter(type -> !isOfEvents(type)).toList()
                : accepted;
    }

    private static boolean isOfEvents(MediaType type) {
        return !type.isWildcardType() && type.includes(MediaType.TEXT_EVENT_STREAM);
    }

    private static final class Strategy extends HeaderContentNegotiationStrategy {

        @Override
        public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
            return wanted(super.resolveMediaTypes(request));
        }
    }
}
