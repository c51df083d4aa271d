package dev.petiole.scheduler.condition;

/// Why a condition is as it is, or an Event happened. Reasons of discovery come from the nodes, see
/// [dev.petiole.api.configuration.DiscoveryReason].
public final class Reason {

    /// The registry has the Configuration.
    public static final String ACCEPTED = "Accepted";
    /// A Configuration in another namespace has the name, in a group whose names are for the whole cluster.
    public static final String NAME_TAKEN = "NameTaken";
    /// The registry refuses the Configuration.
    public static final String REFUSED = "Refused";
    /// The registry has not been asked yet.
    public static final String PENDING = "Pending";

    /// Discovery runs on every node that was asked.
    public static final String RUNNING = "Running";
    /// A node that was asked has not answered yet.
    public static final String AWAITING_NODES = "AwaitingNodes";
    /// The registry was rebuilt and waits for what the nodes know.
    public static final String RECOVERING = "Recovering";
    /// There is no node to ask.
    public static final String NO_NODE = "NoNode";
    /// A node's discovery is in trouble without having said which.
    public static final String DISCOVERY_TROUBLED = "DiscoveryTroubled";

    /// No broker is asked for.
    public static final String NO_BROKER = "NoBroker";
    /// No device is there that a broker could be run for.
    public static final String NO_DEVICE = "NoDevice";
    /// All brokers are ready.
    public static final String ALL_READY = "AllReady";
    /// Some broker is not ready yet.
    public static final String NOT_READY = "NotReady";
    /// Some broker has failed and will be made anew.
    public static final String BROKER_FAILED = "BrokerFailed";
    /// The API server refuses to make a broker or Service.
    public static final String BROKER_REJECTED = "BrokerRejected";
    /// No node can take a broker now.
    public static final String NO_USABLE_NODE = "NoUsableNode";

    /// Others have taken all slots of a device.
    public static final String NO_SLOT = "NoFreeSlot";
    /// The template can't be filled in for a device, or asks for what is not allowed here.
    public static final String TEMPLATE_INVALID = "TemplateInvalid";

    /// A node sees the device.
    public static final String ONLINE = "DeviceOnline";
    /// Its handler no longer lists the device.
    public static final String MISSING = "DeviceMissing";
    /// The nodes that saw the device are silent.
    public static final String UNKNOWN = "DeviceUnknown";
    /// The device was missing for longer than the grace period.
    public static final String OFFLINE = "DeviceOffline";
    /// The device may not be used any more.
    public static final String WITHDRAWN = "DeviceWithdrawn";

    /// ResourceSlices tell of the devices.
    public static final String PUBLISHED = "Published";
    /// Some properties of the device can't be attributes that it is selected by.
    public static final String ATTRIBUTES_LEFT_OUT = "AttributesLeftOut";
    /// No slot of the device can be claimed now.
    public static final String NOT_CLAIMABLE = "NotClaimable";
    /// The cluster has no Dynamic Resource Allocation.
    public static final String NO_DYNAMIC_RESOURCES = "NoDynamicResources";
    /// The API server refuses to take what tells of the devices.
    public static final String EXPOSURE_REJECTED = "ExposureRejected";

    /// A broker was made.
    public static final String BROKER_CREATED = "BrokerCreated";
    /// A broker is replaced, since its template has changed.
    public static final String TEMPLATE_CHANGED = "TemplateChanged";
    /// A broker has lost its place: its node no longer sees the device, or there are more than there should be.
    public static final String NO_PLACE = "NoPlace";
    /// Someone's edit of an object that Petiole manages was put back.
    public static final String EDIT_UNDONE = "EditUndone";

    private Reason() {}
}
