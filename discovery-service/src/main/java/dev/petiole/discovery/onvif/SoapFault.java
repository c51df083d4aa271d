package dev.petiole.discovery.onvif;

import java.io.IOException;

/// A device says that it will not answer a question, whoever asks.
final class SoapFault extends IOException {

    private static final long serialVersionUID = 1L;

    SoapFault(String reason) {
        super(reason);
    }
}
