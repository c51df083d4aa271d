package dev.petiole.discovery.opcua;

/// An OPC UA server does not answer at a URL. The message says why, as the end of a sentence.
final class EndpointUnreachable extends Exception {

    private static final long serialVersionUID = 1L;

    EndpointUnreachable(String message) {
        super(message);
    }

    EndpointUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
