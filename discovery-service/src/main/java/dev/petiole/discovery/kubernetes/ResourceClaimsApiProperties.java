package dev.petiole.discovery.kubernetes;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the Kubernetes API is, and how to be let in.
///
/// @param url such as `https://kubernetes.default.svc`
/// @param tokenFile the projected ServiceAccount token to send; none if absent
/// @param caFile the certificates to trust, PEM; those of the Java platform if absent
@ConfigurationProperties("petiole.resource-claims")
public record ResourceClaimsApiProperties(
        @DefaultValue("https://kubernetes.default.svc") URI url,
        @Nullable Path tokenFile,
        @Nullable Path caFile) {}
