package dev.petiole.scheduler.condition;

/// What conditions are about.
public final class ConditionType {

    /// Whether the registry has taken the Configuration as it is written.
    public static final String ACCEPTED = "Accepted";

    /// Whether every node that was asked looks for the devices.
    public static final String DISCOVERING = "Discovering";

    /// Whether all brokers that there should be are ready.
    public static final String BROKERS_READY = "BrokersReady";

    /// Whether the devices, or the device, can be claimed by a ResourceClaim; only with that exposure.
    public static final String EXPOSED = "Exposed";

    /// Whether all of the above hold.
    public static final String READY = "Ready";

    /// Whether the device can be reached.
    public static final String AVAILABLE = "Available";

    private ConditionType() {}
}
