package dev.petiole.api.configuration;

/// The reasons a node gives for the state of discovery.
public final class DiscoveryReason {

    /// No handler of that name is on the node.
    public static final String HANDLER_NOT_FOUND = "HandlerNotFound";

    /// The handler can't read its details.
    public static final String INVALID_DETAILS = "InvalidDetails";

    /// A place the handler was told to ask does not answer.
    public static final String ENDPOINT_UNREACHABLE = "EndpointUnreachable";

    /// The handler ended without being asked to; it is started again.
    public static final String HANDLER_FAILED = "HandlerFailed";

    /// A device does not accept the user it was shown.
    public static final String CREDENTIALS_REJECTED = "CredentialsRejected";

    /// A device can't be shown its user in a safe way.
    public static final String CREDENTIALS_NOT_SENT = "CredentialsNotSent";

    /// A device announces its service at an address that is not its own.
    public static final String FOREIGN_ADDRESS = "ForeignAddress";

    /// A device is left out since what the filter looks at can't be read.
    public static final String FILTER_VALUE_UNKNOWN = "FilterValueUnknown";

    /// There are more devices than are kept.
    public static final String TOO_MANY_DEVICES = "TooManyDevices";

    /// Multicast can't be sent or heard on this node.
    public static final String MULTICAST_UNAVAILABLE = "MulticastUnavailable";

    /// No external handler of that name can be reached, though one has registered.
    public static final String HANDLER_UNREACHABLE = "HandlerUnreachable";

    /// An external handler says what can't be: too much, too often, or nonsense. What it said before holds.
    public static final String HANDLER_MISBEHAVES = "HandlerMisbehaves";

    /// An external handler was asked and has not answered yet.
    public static final String HANDLER_SILENT = "HandlerSilent";

    /// A Secret or ConfigMap that a discovery property refers to may not be read, until its namespace's owner grants
    /// it.
    public static final String SECRET_NOT_READABLE = "SecretNotReadable";

    /// A Secret or ConfigMap that a discovery property refers to is not there, or lacks the key.
    public static final String SECRET_NOT_FOUND = "SecretNotFound";

    /// The node has as many extended resources for single devices as it may have: the rest of the devices are found and
    /// can be had through the Configuration's resource, but by no resource of their own.
    public static final String TOO_MANY_DEVICE_RESOURCES = "TooManyDeviceResources";

    private DiscoveryReason() {}
}
