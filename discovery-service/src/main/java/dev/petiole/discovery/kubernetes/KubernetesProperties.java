package dev.petiole.discovery.kubernetes;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the Kubernetes API is, and how to be let in.
///
/// @param tokenFile a ServiceAccount token to send; none if there is no such file
/// @param caFile the certificates to trust, PEM; those of the Java platform if there is no such file
@ConfigurationProperties("petiole.kubernetes")
record KubernetesProperties(
        @DefaultValue("https://kubernetes.default.svc") URI url,

        @DefaultValue("/var/run/secrets/kubernetes-api/token")
        Path tokenFile,

        @DefaultValue("/var/run/secrets/kubernetes-api/ca.crt")
        Path caFile) {}
