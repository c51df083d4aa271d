package dev.petiole.scheduler.consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the admission policies look for consumers.
///
/// @param name of the DeviceConsumers; null where no policy asks
/// @param namespace of the DeviceConsumers
@ConfigurationProperties("petiole.consumers")
public record ConsumerProperties(
        @Nullable String name, @DefaultValue("default") String namespace) {}
