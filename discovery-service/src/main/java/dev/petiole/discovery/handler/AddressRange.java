package dev.petiole.discovery.handler;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Addresses that follow each other.
///
/// @param first the lowest
/// @param count how many
public record AddressRange(InetAddress first, int count) {

    public static final int MAX_ADDRESSES = 4096;

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /// @return nothing if `text` is neither an address nor a CIDR
    /// @throws IllegalArgumentException if it is a CIDR of too many addresses
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() || slash < 0) {
            return address.map(it -> new AddressRange(it, 1));
        }
        int bits = address.get().getAddress().length * 8;
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
            return Optional.empty();
        }
        int hostBits = bits - Integer.parseInt(prefix);
        if (hostBits > Integer.numberOfTrailingZeros(MAX_ADDRESSES)) {
            throw new IllegalArgumentException(text);
        }
        return Optional.of(of(address.get(), hostBits));
    }

    /// @return the address that `text` spells out; never asks a name server
    public static Optional<InetAddress> literal(String text) {
        // Java also takes 10.1 for 10.0.0.1, and nobody means that.
        if (text.indexOf(':') < 0 && !IPV4.matcher(text.strip()).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text.strip()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// @return all of them, in their order
    public List<InetAddress> addresses() {
        return IntStream.range(0, count).mapToObj(i -> plus(first, i)).toList();
    }

    private static AddressRange of(InetAddress within, int hostBits) {
        var mask = BigInteger.ONE.shiftLeft(hostBits).subtract(BigInteger.ONE);
        InetAddress network = address(number(within).andNot(mask), within.getAddress().length);
        int size = 1 << hostBits;
        // The network's own address and its broadcast address are no devices (IPv4 down to /30).
        return within.getAddress().length == 4 && size > 2
                ? new AddressRange(plus(network, 1), size - 2)
                : new AddressRange(network, size);
    }

    private static InetAddress plus(InetAddress address, int offset) {
        return offset == 0
                ? address
                : address(number(address).add(BigInteger.valueOf(offset)), address.getAddress().length);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static InetAddress address(BigInteger number, int length) {
        byte[] magnitude = number.toByteArray();
        var bytes = new byte[length];
        int size = Math.min(magnitude.length, length);
        System.arraycopy(magnitude, magnitude.length - size, bytes, length - size, size);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
