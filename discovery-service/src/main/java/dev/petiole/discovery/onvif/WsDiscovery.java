package dev.petiole.discovery.onvif;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The messages of WS-Discovery (April 2005) as ONVIF Core §7 uses them.
final class WsDiscovery {

    static final int PORT = 3702;
    static final String DEVICE_TYPES = "http://www.onvif.org/ver10/device/wsdl";
    static final String NETWORK_TYPES = "http://www.onvif.org/ver10/network/wsdl";

    private static final String DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
    private static final String ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    private static final int MAX_MATCHES = 64;
    private static final int MAX_SCOPES = 128;
    private static final int MAX_XADDRS = 8;
    private static final int MAX_TOKEN_LENGTH = 512;
    private static final Pattern UUID_PREFIX = Pattern.compile("^(urn:)?(uuid:)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENDPOINT = Pattern.compile("[a-z0-9][-a-z0-9._:/{}]{0,127}");

    private WsDiscovery() {}

    /// Which devices shall answer a probe. The types of one probe must all be met, so each has its own.
    enum Kind {
        DEVICE("<d:Types xmlns:tds=\"" + DEVICE_TYPES + "\">tds:Device</d:Types>"),
        VIDEO_TRANSMITTER("<d:Types xmlns:dn=\"" + NETWORK_TYPES + "\">dn:NetworkVideoTransmitter</d:Types>"),
        /// For probes of one address: one packet instead of two.
        ANY("");

        private final String types;

        Kind(String types) {
            this.types = types;
        }
    }

    /// @param messageId a `urn:uuid:` of its own; a probe sent again keeps it
    static byte[] probe(String messageId, Kind kind) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <s:Envelope xmlns:s="%s" xmlns:a="%s" xmlns:d="%s"><s:Header>\
                <a:Action s:mustUnderstand="1">%s/Probe</a:Action>\
                <a:MessageID>%s</a:MessageID>\
                <a:ReplyTo><a:Address>%s/role/anonymous</a:Address></a:ReplyTo>\
                <a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>\
                </s:Header><s:Body><d:Probe>%s</d:Probe></s:Body></s:Envelope>
                """.formatted(Soap.NAMESPACE, ADDRESSING, DISCOVERY, DISCOVERY, messageId, ADDRESSING, kind.types)
                .getBytes(StandardCharsets.UTF_8);
    }

    static DiscoveryMessage parse(byte[] message) throws MalformedMessage {
        XmlElement envelope = Soap.envelope(message);
        XmlElement content = Soap.content(envelope);
        if (!content.namespace().equals(DISCOVERY)) {
            return new DiscoveryMessage.Irrelevant();
        }
        return switch (content.name()) {
            case "ProbeMatches" -> new DiscoveryMessage.Matches(header(envelope, "RelatesTo"), matches(content));
            case "Hello" ->
                announcement(content)
                        .<DiscoveryMessage>map(it -> new DiscoveryMessage.Hello(header(envelope, "MessageID"), it))
                        .orElseGet(DiscoveryMessage.Irrelevant::new);
            case "Bye" ->
                uuid(content)
                        .<DiscoveryMessage>map(it -> new DiscoveryMessage.Bye(header(envelope, "MessageID"), it))
                        .orElseGet(DiscoveryMessage.Irrelevant::new);
            default -> new DiscoveryMessage.Irrelevant();
        };
    }

    /// @return an endpoint's address without what all of them begin with, in lower case
    static String endpoint(String address) {
        return UUID_PREFIX.matcher(address.strip()).replaceFirst("").toLowerCase(Locale.ROOT);
    }

    private static String header(XmlElement envelope, String name) {
        return envelope.find(Soap.NAMESPACE, "Header")
                .flatMap(header -> header.find(ADDRESSING, name))
                .map(XmlElement::text)
                .orElse("");
    }

    private static List<Announcement> matches(XmlElement matches) {
        return matches.children().stream()
                .filter(child -> child.is(DISCOVERY, "ProbeMatch"))
                .limit(MAX_MATCHES)
                .map(WsDiscovery::announcement)
                .flatMap(Optional::stream)
                .toList();
    }

    /// @return nothing if it is not of an ONVIF device
    private static Optional<Announcement> announcement(XmlElement target) {
        if (!isOnvif(target)) {
            return Optional.empty();
        }
        return uuid(target)
                .map(uuid -> new Announcement(
                        uuid,
                        tokens(target, "Scopes", MAX_SCOPES),
                        tokens(target, "XAddrs", MAX_XADDRS),
                        Text.printable(text(target, "MetadataVersion"))));
    }

    private static Optional<String> uuid(XmlElement target) {
        return target.find(ADDRESSING, "EndpointReference")
                .flatMap(reference -> reference.find(ADDRESSING, "Address"))
                .map(address -> endpoint(address.text()))
                .filter(endpoint -> ENDPOINT.matcher(endpoint).matches());
    }

    /// Types may be left out; whether it is an ONVIF device is then seen when its service is asked.
    private static boolean isOnvif(XmlElement target) {
        Optional<XmlElement> types = target.find(DISCOVERY, "Types");
        return types.isEmpty()
                || types.get().text().isBlank()
                || split(types.get().text()).anyMatch(type -> isOnvifType(type, types.get()));
    }

    private static boolean isOnvifType(String type, XmlElement in) {
        int colon = type.indexOf(':');
        String prefix = colon < 0 ? "" : type.substring(0, colon);
        String name = type.substring(colon + 1);
        // Some devices, as Akri's own probe, forget to declare the prefix.
        String namespace = in.prefixes().getOrDefault(prefix, prefix.equals("tds") ? DEVICE_TYPES : NETWORK_TYPES);
        return switch (name) {
            case "Device" -> namespace.equals(DEVICE_TYPES);
            case "NetworkVideoTransmitter" -> namespace.equals(NETWORK_TYPES);
            default -> false;
        };
    }

    private static List<String> tokens(XmlElement target, String name, int limit) {
        return split(text(target, name))
                .filter(token -> token.length() <= MAX_TOKEN_LENGTH)
                .distinct()
                .limit(limit)
                .toList();
    }

    private static String text(XmlElement target, String name) {
        return target.find(DISCOVERY, name).map(XmlElement::text).orElse("");
    }

    private static Stream<String> split(String text) {
        return Arrays.stream(text.split("\\s+")).filter(token -> !token.isEmpty());
    }
}
