package dev.petiole.registry.dialect;

import dev.petiole.api.configuration.ConfigurationSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `petiole.dev`: the hash is of the handler, the identity and, if the device is local, the node.
final class PetioleDialect implements Dialect {

    static final PetioleDialect INSTANCE = new PetioleDialect();

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int HASH_LENGTH = 10;
    private static final int DIGEST_BYTES = 32;
    private static final int MAX_NAME_LENGTH = 40;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private PetioleDialect() {}

    @Override
    public Optional<String> findFault(String name) {
        return name.length() <= MAX_NAME_LENGTH && LABEL.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("must be a DNS label of at most 40 lower-case letters, digits and '-'");
    }

    @Override
    public Optional<String> findForeignField(ConfigurationSpec spec) {
        return Optional.empty();
    }

    @Override
    public String referenceNamespace(String namespace) {
        return namespace;
    }

    @Override
    public boolean isNameForWholeCluster() {
        return false;
    }

    @Override
    public boolean isDeviceOf(String configuration, String device) {
        return device.length() == configuration.length() + 1 + HASH_LENGTH && device.startsWith(configuration + "-");
    }

    @Override
    public String deviceName(String configuration, String handler, String identity, @Nullable String node) {
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
