package dev.petiole.discovery.registry;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where the registry is.
///
/// @param url such as `https://petiole-registry-service:8080`
/// @param tokenFile a ServiceAccount token to authenticate with; none for a registry on the loopback
/// @param caFile certificates, in PEM, of the authorities that may have signed the registry's; the platform's
/// authorities if absent
@ConfigurationProperties("petiole.registry")
public record RegistryProperties(
        URI url, @Nullable Path tokenFile, @Nullable Path caFile) {}
