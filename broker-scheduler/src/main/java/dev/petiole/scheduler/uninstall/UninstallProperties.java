package dev.petiole.scheduler.uninstall;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What is uninstalled.
///
/// @param namespace of the release
/// @param scheduler name of the broker-scheduler's Deployment and of its Lease
/// @param consumers name of the DeviceConsumers; null if there is none
@ConfigurationProperties("petiole.uninstall")
public record UninstallProperties(
        String namespace,
        @DefaultValue("petiole-broker-scheduler") String scheduler,
        @Nullable String consumers) {}
