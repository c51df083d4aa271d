package dev.petiole.discovery.opcua;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Whether a host that a server names in its own URL is any good from here.
@FunctionalInterface
interface Hosts {

    /// Asks the name service.
    Hosts RESOLVED = Hosts::isResolvedToAnother;

    /// @param host what the server says
    /// @param asked the host that told of the server
    boolean isReachable(String host, String asked);

    private static boolean isResolvedToAnother(String host, String asked) {
        if (host.equals(asked)) {
            return true;
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            // Its own loopback is not ours.
            return !isLocal(address) || isLocal(InetAddress.getByName(asked));
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }
}
