package dev.petiole.registry.dialect;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How one API group names things. Pure, so that the same device has the same name for ever, on whatever
/// registry.
public sealed interface Dialect permits PetioleDialect, AkriDialect {

    /// @return the dialect of this API group; empty if it is none that is served
    static Optional<Dialect> find(String group) {
        return switch (group) {
            case ConfigurationKey.PETIOLE -> Optional.of(PetioleDialect.INSTANCE);
            case ConfigurationKey.AKRI -> Optional.of(AkriDialect.INSTANCE);
            default -> Optional.empty();
        };
    }

    /// @return the dialect of a Configuration that is there, and so of a group that is served
    static Dialect of(ConfigurationKey configuration) {
        return find(configuration.group())
                .orElseThrow(() -> new IllegalArgumentException(
                        "group: " + configuration.group() + " (expected: one that is served)"));
    }

    /// @return what is wrong with this name for a Configuration
    Optional<String> findFault(String name);

    /// @return the first field of the spec that the group's resource definition does not have: the cluster could not
    ///     show the Configuration, nor give it back to a registry that was lost
    Optional<String> findForeignField(ConfigurationSpec spec);

    /// @return whether a name can be had only once in the cluster, since what is made from it ignores
    ///     namespaces
    boolean isNameForWholeCluster();

    /// @return the namespace of a Secret or ConfigMap that a Configuration of this namespace refers to without naming
    /// one
    String referenceNamespace(String namespace);

    /// @return whether this is the name of a device of the Configuration
    boolean isDeviceOf(String configuration, String device);

    /// @param node the node that alone can reach the device; null if it is shared
    /// @return `<configuration>-<hash>`
    String deviceName(String configuration, String handler, String identity, @Nullable String node);
}
