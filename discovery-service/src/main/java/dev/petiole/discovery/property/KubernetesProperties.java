package dev.petiole.discovery.property;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How Secrets and ConfigMaps that were granted to this service are read.
///
/// @param url the Kubernetes API; none if there is none to ask
/// @param tokenFile a ServiceAccount token for it
/// @param caFile the certificates its own is checked against
/// @param serviceAccount `<namespace>/<name>` of that ServiceAccount, for the messages that say whom to grant
///     to
/// @param lookAgain how often an object is looked at whose changes are not told
/// @param watchAgain how long it takes until a watch that was denied is asked for again
/// @param allowedNamespaces whose Secrets and ConfigMaps a Configuration elsewhere may refer to, if they are
///     granted
@ConfigurationProperties("petiole.kubernetes")
record KubernetesProperties(
        @Nullable URI url,

        @DefaultValue("/var/run/secrets/kubernetes-api/token")
        Path tokenFile,

        @DefaultValue("/var/run/secrets/kubernetes-api/ca.crt")
        Path caFile,

        @DefaultValue("petiole-system/petiole-discovery-service")
        String serviceAccount,

        @DefaultValue("30s") Duration lookAgain,
        @DefaultValue("10m") Duration watchAgain,
        @DefaultValue Set<String> allowedNamespaces) {

    KubernetesProperties {
        url = url == null || url.toString().isBlank() ? null : url;
        allowedNamespaces = Set.copyOf(allowedNamespaces);
    }
}
