package dev.petiole.discovery.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The envelope of SOAP 1.2, as far as ONVIF uses it.
final class Soap {

    static final String NAMESPACE = "http://www.w3.org/2003/05/soap-envelope";

    private static final int MAX_FAULT_CODES = 8;

    private Soap() {}

    /// What the body of an answer says.
    sealed interface Body {

        record Payload(XmlElement content) implements Body {}

        /// @param codes local parts of code and subcodes, outermost first
        record Fault(List<String> codes, String reason) implements Body {

            /// Says that the caller has no right to ask, in ONVIF's words or in those of WS-Security.
            boolean isNotAuthorized() {
                return codes.contains("NotAuthorized")
                        || codes.contains("FailedAuthentication")
                        || codes.contains("InvalidSecurityToken");
            }
        }
    }

    /// @throws MalformedMessage if it is no SOAP 1.2 message with a body that says something
    static Body parse(byte[] message) throws MalformedMessage {
        XmlElement content = content(envelope(message));
        return content.is(NAMESPACE, "Fault") ? fault(content) : new Body.Payload(content);
    }

    static XmlElement envelope(byte[] message) throws MalformedMessage {
        XmlElement root = Xml.parse(message);
        if (!root.is(NAMESPACE, "Envelope")) {
            throw new MalformedMessage("not a SOAP 1.2 envelope");
        }
        return root;
    }

    static XmlElement content(XmlElement envelope) throws MalformedMessage {
        return envelope.find(NAMESPACE, "Body")
                .flatMap(body -> body.children().stream().findFirst())
                .orElseThrow(() -> new MalformedMessage("empty SOAP body"));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Body.Fault fault(XmlElement fault) {
        var codes = new ArrayList<String>();
        Optional<XmlElement> code = fault.find("Code");
        while (code.isPresent() && codes.size() < MAX_FAULT_CODES) {
            String value = code.get().textAt("Value");
            codes.add(value.substring(value.indexOf(':') + 1));
            code = code.get().find("Subcode");
        }
        return new Body.Fault(codes, Text.printable(fault.textAt("Reason", "Text")));
    }
}
