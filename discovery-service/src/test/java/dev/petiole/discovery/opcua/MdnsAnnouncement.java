package dev.petiole.discovery.opcua;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// Says by multicast DNS that an OPC UA server is at a port of this machine.
public final class MdnsAnnouncement {

    private static final int PORT = 5353;

    private MdnsAnnouncement() {}

    public static void send(String instance, int port, NetworkInterface at) throws IOException {
        InetAddress own = at.inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow();
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(new InetSocketAddress(own, PORT));
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, at);
            channel.send(
                    ByteBuffer.wrap(DnsSamples.announcement(instance, port, "/", 120)),
                    new InetSocketAddress("224.0.0.251", PORT));
        }
    }
}
