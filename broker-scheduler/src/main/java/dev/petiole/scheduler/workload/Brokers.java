package dev.petiole.scheduler.workload;

import dev.petiole.api.device.Device;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.Set;

/// Decides on all brokers of one kind.
interface Brokers {

    /// The resources of which these brokers decide what stays. Of all others nothing does.
    Set<Resource> resources();

    /// Adds to the plan what there should be of these brokers, and what should go.
    void plan(Draft draft);

    /// @return whether there are brokers of this device, of which the registry says nothing
    boolean isServed(String retainedDevice);

    /// @return whether a device can be given to a new broker
    static boolean isOnline(Device device) {
        return device.presence() == Device.Presence.ONLINE;
    }
}
