package dev.petiole.discovery.onvif;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Announces a device by WS-Discovery on one network interface.
final class WsDiscoveryResponder implements AutoCloseable {

    private static final Pattern MESSAGE_ID = Pattern.compile("MessageID>([^<]+)<");

    private final String uuid;
    private final List<String> scopes;
    private final InetSocketAddress group;
    private final DatagramChannel heard;
    private final @Nullable DatagramChannel asked;
    private final DatagramChannel said;

    volatile String xaddrs;
    volatile boolean isMute;
    volatile int probes;

    WsDiscoveryResponder(
            NetworkInterface at, InetAddress address, int port, String uuid, List<String> scopes, String xaddrs)
            throws IOException {
        this.uuid = uuid;
        this.scopes = scopes;
        this.xaddrs = xaddrs;
        boolean isV6 = address instanceof Inet6Address;
        ProtocolFamily family = isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        InetAddress groupAddress = isV6
                ? Inet6Address.getByAddress(
                        null, InetAddress.ofLiteral("ff02::c").getAddress(), at)
                : InetAddress.ofLiteral("239.255.255.250");
        group = new InetSocketAddress(groupAddress, port);
        heard = open(family, group);
        heard.join(groupAddress, at);
        asked = isV6 ? null : open(family, new InetSocketAddress(address, port));
        said = DatagramChannel.open(family);
        said.setOption(StandardSocketOptions.IP_MULTICAST_IF, at);
        said.bind(new InetSocketAddress(address, 0));
        listen(heard);
        if (asked != null) {
            listen(asked);
        }
    }

    void hello() {
        multicast(helloMessage());
    }

    void bye() {
        multicast(byeMessage());
    }

    String helloMessage() {
        return message("Hello", "", target("Hello"));
    }

    String byeMessage() {
        return message("Bye", "", "<d:Bye>" + endpoint() + "</d:Bye>");
    }

    void multicast(String message) {
        send(message, group);
    }

    String message(String action, String relatesTo, String body) {
        return """
                <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" \
                xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
                xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" \
                xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header>\
                <w:MessageID>uuid:%s</w:MessageID>%s\
                <w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/%s</w:Action></e:Header>\
                <e:Body>%s</e:Body></e:Envelope>""".formatted(
                        UUID.randomUUID(),
                        relatesTo.isEmpty() ? "" : "<w:RelatesTo>" + relatesTo + "</w:RelatesTo>",
                        action,
                        body);
    }

    String target(String element) {
        return "<d:" + element + ">" + endpoint() + "<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>"
                + String.join(" ", scopes) + "</d:Scopes><d:XAddrs>" + xaddrs
                + "</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:" + element + ">";
    }

    @Override
    public void close() {
        try {
            heard.close();
            if (asked != null) {
                asked.close();
            }
            said.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String endpoint() {
        return "<w:EndpointReference><w:Address>urn:uuid:" + uuid + "</w:Address></w:EndpointReference>";
    }

    private void listen(DatagramChannel channel) {
        Thread.ofVirtual().start(() -> {
            var buffer = ByteBuffer.allocate(64 * 1024);
            try {
                while (true) {
                    SocketAddress from = channel.receive(buffer.clear());
                    answer(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8), from);
                }
            } catch (IOException _) {
                // Closed.
            }
        });
    }

    private void answer(String message, SocketAddress from) {
        Matcher id = MESSAGE_ID.matcher(message);
        // The other kind of probe is not for this device.
        boolean isForUs = message.contains("NetworkVideoTransmitter") || !message.contains("Types");
        if (message.contains("/Probe<") && isForUs && id.find()) {
            probes++;
            if (!isMute) {
                send(
                        message(
                                "ProbeMatches",
                                id.group(1),
                                "<d:ProbeMatches>" + target("ProbeMatch") + "</d:ProbeMatches>"),
                        from);
            }
        }
    }

    private void send(String message, SocketAddress to) {
        try {
            said.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DatagramChannel open(ProtocolFamily family, InetSocketAddress at) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        return channel.bind(at);
    }
}
