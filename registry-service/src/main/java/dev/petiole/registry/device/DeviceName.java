package dev.petiole.registry.device;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How devices are named: `<configuration>-<hash>`. The same device has the same name for ever, on whatever registry.
public final class DeviceName {

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int HASH_LENGTH = 10;
    private static final int DIGEST_BYTES = 32;

    private DeviceName() {}

    /// @param node the node that alone can reach the device; null if it is shared
    public static String of(String configuration, String handler, String identity, @Nullable String node) {
        var message = new ByteArrayOutputStream();
        append(message, handler);
        append(message, identity);
        if (node != null) {
            append(message, node);
        }
        return configuration + "-" + base32(Blake2b.digest(message.toByteArray(), DIGEST_BYTES));
    }

    /// With its length before it, no part can pass for the end of another.
    private static void append(ByteArrayOutputStream message, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        message.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        message.writeBytes(bytes);
    }

    // RFC 4648 §6, in lower case, the first characters only.
    private static String base32(byte[] digest) {
        long bits = ByteBuffer.wrap(digest).getLong();
        var text = new StringBuilder(HASH_LENGTH);
        for (int i = 0; i < HASH_LENGTH; i++) {
            text.append(ALPHABET.charAt((int) (bits >>> (59 - 5 * i)) & 31));
        }
        return text.toString();
    }
}
