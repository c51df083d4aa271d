package dev.petiole.discovery.external;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where handlers may be that are reached over the network.
final class AllowedNetworks {

    private final List<Range> ranges = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();

    private record Range(byte[] first, int bits) {

        boolean contains(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >>> (bit % 8);
                if ((address[bit / 8] & mask) != (first[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// @param entries addresses, CIDRs and host names
    /// @throws IllegalArgumentException naming an entry that is none of these
    AllowedNetworks(List<String> entries) {
        entries.stream().map(String::strip).filter(entry -> !entry.isEmpty()).forEach(this::add);
    }

    boolean contains(Address.Network address) {
        if (hosts.contains(address.host().toLowerCase(Locale.ROOT))) {
            return true;
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address.host()).getAddress();
            return ranges.stream().anyMatch(range -> range.contains(bytes));
        } catch (IllegalArgumentException _) {
            // A name that is not listed: where it leads can change at any moment.
            return false;
        }
    }

    private void add(String entry) {
        int slash = entry.indexOf('/');
        String address = slash < 0 ? entry : entry.substring(0, slash);
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            if (slash >= 0 || !address.matches("[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?")) {
                throw refused(entry, e);
            }
            hosts.add(address.toLowerCase(Locale.ROOT));
            return;
        }
        int all = bytes.length * 8;
        try {
            int bits = slash < 0 ? all : Integer.parseInt(entry.substring(slash + 1));
            if (bits < 0 || bits > all) {
                throw refused(entry, null);
            }
            ranges.add(new Range(bytes, bits));
        } catch (NumberFormatException e) {
            throw refused(entry, e);
        }
    }

    private static IllegalArgumentException refused(String entry, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "petiole.external-handlers.allowed-networks: '" + entry
                        + "' (expected: an address, a CIDR such as 10.244.0.0/16, or a host name)",
                cause);
    }
}
