package dev.petiole.scheduler.instance;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.device.DevicesApi;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.node.NodeState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes sure that a device of which the registry has no record really is no more, or is seen no more by a node that
/// its record does not name. Watches are not good enough for that: while a lost registry is being rebuilt, the one of
/// devices may be ahead of the one of Configurations, or behind it. So it asks the registry itself, before and after.
public final class AbsenceCheck {

    private final ConfigurationsApi configurations;
    private final DevicesApi devices;

    public AbsenceCheck(ConfigurationsApi configurations, DevicesApi devices) {
        this.configurations = configurations;
        this.devices = devices;
    }

    /// @param instance shows the device
    /// @return whether every node that saw the device has looked since, and there still is no record of it
    public boolean isConfirmed(ConfigurationKey key, JsonObject instance, Map<String, NodeState> nodes) {
        return isDenied(key, instance, nodes)
                && !isRecorded(key, Json.text(instance, "metadata", "name"))
                && isDenied(key, instance, nodes);
    }

    /// @param lost nodes that saw the device, and that its record does not name
    /// @return whether the registry, which waits for nobody, does not name them in its record either
    public boolean isConfirmed(ConfigurationKey key, String device, Set<String> lost) {
        return isSettled(key) && isWithout(key, device, lost) && isSettled(key);
    }

    private boolean isSettled(ConfigurationKey key) {
        return find(key).filter(known -> known.status().recovery() == null).isPresent();
    }

    private boolean isDenied(ConfigurationKey key, JsonObject instance, Map<String, NodeState> nodes) {
        return find(key)
                .filter(known -> InstancePlanner.isDenied(instance, known, nodes))
                .isPresent();
    }

    private Optional<Configuration> find(ConfigurationKey key) {
        try {
            return Optional.of(configurations.get(key.group(), key.namespace(), key.name()));
        } catch (RegistryProblem e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isWithout(ConfigurationKey key, String device, Set<String> lost) {
        try {
            return devices.get(key.group(), key.namespace(), device).nodes().stream()
                    .noneMatch(entry -> lost.contains(entry.node()));
        } catch (RegistryProblem e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    private boolean isRecorded(ConfigurationKey key, String device) {
        try {
            devices.get(key.group(), key.namespace(), device);
            return true;
        } catch (RegistryProblem e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }
}
