package dev.petiole.discovery.onvif;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// Messages as devices write them, in `src/test/resources/onvif`.
final class Samples {

    static final List<String> ALL = List.of(
            "probe-matches",
            "probe-matches-undeclared-prefix",
            "hello",
            "bye",
            "hello-of-a-printer",
            "date-and-time",
            "device-information",
            "network-interfaces",
            "services",
            "profiles",
            "stream-uri",
            "fault-not-authorized");

    private Samples() {}

    static byte[] bytes(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/onvif/" + name + ".xml")) {
            if (in == null) {
                throw new AssertionError("no sample " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the content of the body of an answer
    static XmlElement answer(String name) throws MalformedMessage {
        return ((Soap.Body.Payload) Soap.parse(bytes(name))).content();
    }
}
