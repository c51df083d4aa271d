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

    private DiscoveryReason() {}
}
