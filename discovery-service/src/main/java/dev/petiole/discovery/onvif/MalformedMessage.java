package dev.petiole.discovery.onvif;

/// Bytes from the network are not the message they should be. The message says why in a few words.
final class MalformedMessage extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedMessage(String message) {
        super(message);
    }

    MalformedMessage(String message, Throwable cause) {
        super(message, cause);
    }
}
