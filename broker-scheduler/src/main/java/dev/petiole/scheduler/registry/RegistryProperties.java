package dev.petiole.scheduler.registry;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Where the registry is.
///
/// @param url such as `https://petiole-registry-service:8080`
/// @param tokenFile the projected ServiceAccount token to send; none if absent
/// @param caFile certificates, in PEM, of the authorities that may have signed the registry's; the platform's
/// authorities if absent
@Validated
@ConfigurationProperties("petiole.registry")
public record RegistryProperties(
        @NotNull URI url,
        @Nullable Path tokenFile,
        @Nullable Path caFile) {}
