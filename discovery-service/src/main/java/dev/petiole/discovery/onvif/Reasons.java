package dev.petiole.discovery.onvif;

/// The reasons of this handler's warnings, beside those of [dev.petiole.api.configuration.DiscoveryReason].
final class Reasons {

    /// A device does not accept the user it was shown.
    static final String CREDENTIALS_REJECTED = "CredentialsRejected";

    /// A device can't be shown its user in a safe way.
    static final String CREDENTIALS_NOT_SENT = "CredentialsNotSent";

    /// A device announces its service at an address that is not its own.
    static final String FOREIGN_ADDRESS = "ForeignAddress";

    /// A device is left out since what the filter looks at can't be read.
    static final String FILTER_VALUE_UNKNOWN = "FilterValueUnknown";

    /// There are more devices than are kept.
    static final String TOO_MANY_DEVICES = "TooManyDevices";

    /// Multicast can't be sent or heard on this node.
    static final String MULTICAST_UNAVAILABLE = "MulticastUnavailable";

    private Reasons() {}
}
