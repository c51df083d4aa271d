package dev.petiole.discovery.onvif;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;

/// Where devices are looked for.
///
/// @param interfaces the network interfaces at this moment
/// @param port of WS-Discovery
record OnvifNetwork(Interfaces interfaces, int port) {

    /// A node has an interface for each of its Pods; those are no places for cameras.
    static final int MAX_INTERFACES = 32;

    /// The network interfaces to look at.
    @FunctionalInterface
    interface Interfaces {
        List<NetworkInterface> list() throws IOException;
    }

    static OnvifNetwork ofThisNode() {
        return new OnvifNetwork(OnvifNetwork::usable, WsDiscovery.PORT);
    }

    static boolean has(NetworkInterface at, Class<? extends InetAddress> family) {
        return at.inetAddresses().anyMatch(family::isInstance);
    }

    private static List<NetworkInterface> usable() throws IOException {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(OnvifNetwork::isUsable)
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .limit(MAX_INTERFACES)
                    .toList();
        } catch (SocketException e) {
            throw new IOException("network interfaces can't be listed", e);
        }
    }

    /// Leaves out the node's ends of Pods' interfaces, which have a link-local address alone or a network of one
    /// address.
    private static boolean isUsable(NetworkInterface at) {
        try {
            return at.isUp()
                    && !at.isLoopback()
                    && at.supportsMulticast()
                    && at.getInterfaceAddresses().stream().anyMatch(OnvifNetwork::isOfANetwork);
        } catch (SocketException _) {
            // It went away in this moment.
            return false;
        }
    }

    private static boolean isOfANetwork(InterfaceAddress address) {
        return address.getAddress() instanceof Inet6Address v6
                ? address.getNetworkPrefixLength() < 128 && !v6.isLinkLocalAddress()
                : address.getNetworkPrefixLength() < 32;
    }
}
