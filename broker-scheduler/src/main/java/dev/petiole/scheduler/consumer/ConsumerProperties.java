package dev.petiole.scheduler.consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the admission policies look for consumers.
///
/// @param configMap name of the ConfigMap; null where no policy asks
/// @param namespace of the ConfigMap
@ConfigurationProperties("petiole.consumers")
public record ConsumerProperties(
        @Nullable String configMap, @DefaultValue("default") String namespace) {}
