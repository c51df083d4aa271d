package dev.petiole.scheduler.instance;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.device.DevicesApi;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.node.NodeState;
import java.util.Map;

/// Makes sure that a device of which the registry has no record really is no more. Watches are not good enough for
/// that: while a lost registry is being rebuilt, the one of devices may be ahead of the one of Configurations. So it
/// asks
/// the registry itself, before and after.
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

    private boolean isDenied(ConfigurationKey key, JsonObject instance, Map<String, NodeState> nodes) {
        try {
            return InstancePlanner.isDenied(
                    instance, configurations.get(key.group(), key.namespace(), key.name()), nodes);
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
