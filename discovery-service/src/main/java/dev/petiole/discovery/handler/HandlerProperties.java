package dev.petiole.discovery.handler;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which handlers are offered.
///
/// @param disabled names of built-in handlers that are not; external ones of these names are used instead
@ConfigurationProperties("petiole.handlers")
public record HandlerProperties(@DefaultValue Set<String> disabled) {

    public HandlerProperties {
        disabled = Set.copyOf(disabled);
    }
}
