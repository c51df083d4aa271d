package dev.petiole.discovery.udev;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the kernel or udevd announced about one device.
///
/// @param action such as `add`, `remove`, `change`
record Uevent(String action, String devpath, String subsystem) {

    private static final byte[] UDEVD_PREFIX = "libudev\0".getBytes(StandardCharsets.US_ASCII);
    private static final int UDEVD_MAGIC = 0xfeedcafe;
    private static final int UDEVD_HEADER_BYTES = 40;

    /// Reads a netlink message: the kernel's `action@devpath` with properties behind it, or udevd's with its own header
    /// (libudev's monitor). Anything else is nothing.
    static Optional<Uevent> parse(byte[] message) {
        boolean isFromUdevd = message.length >= UDEVD_HEADER_BYTES
                && Arrays.equals(message, 0, UDEVD_PREFIX.length, UDEVD_PREFIX, 0, UDEVD_PREFIX.length);
        return isFromUdevd ? parseUdevd(message) : parseKernel(message);
    }

    private static Optional<Uevent> parseUdevd(byte[] message) {
        // The magic is in network order, the rest in the machine's.
        if (ByteBuffer.wrap(message).getInt(UDEVD_PREFIX.length) != UDEVD_MAGIC) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
        int offset = header.getInt(16);
        int length = header.getInt(20);
        if (offset < UDEVD_HEADER_BYTES || length < 0 || length > message.length - offset) {
            return Optional.empty();
        }
        return of(strings(message, offset, length));
    }

    private static Optional<Uevent> parseKernel(byte[] message) {
        List<String> strings = strings(message, 0, message.length);
        if (strings.isEmpty() || strings.getFirst().indexOf('@') <= 0) {
            return Optional.empty();
        }
        return of(strings.subList(1, strings.size()));
    }

    private static Optional<Uevent> of(List<String> assignments) {
        Map<String, String> properties = new HashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                properties.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        String action = properties.get("ACTION");
        String devpath = properties.get("DEVPATH");
        if (action == null || devpath == null) {
            return Optional.empty();
        }
        return Optional.of(new Uevent(action, devpath, properties.getOrDefault("SUBSYSTEM", "")));
    }

    private static List<String> strings(byte[] bytes, int offset, int length) {
        return List.of(new String(bytes, offset, length, StandardCharsets.UTF_8).split("\0"));
    }
}
