package dev.petiole.discovery.property;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How Secrets and ConfigMaps that were granted to this service are read.
///
/// @param enabled whether any is read
/// @param serviceAccount `<namespace>/<name>` of this service's ServiceAccount, for the messages that say whom to
///     grant to
/// @param lookAgain how often an object is looked at whose changes are not told
/// @param watchAgain how long it takes until a watch that was denied is asked for again
/// @param allowedNamespaces whose Secrets and ConfigMaps a Configuration elsewhere may refer to, if they are
///     granted
@ConfigurationProperties("petiole.secrets")
record SecretsProperties(
        boolean enabled,

        @DefaultValue("petiole-system/petiole-discovery-service")
        String serviceAccount,

        @DefaultValue("30s") Duration lookAgain,
        @DefaultValue("10m") Duration watchAgain,
        @DefaultValue Set<String> allowedNamespaces) {

    SecretsProperties {
        allowedNamespaces = Set.copyOf(allowedNamespaces);
    }
}
