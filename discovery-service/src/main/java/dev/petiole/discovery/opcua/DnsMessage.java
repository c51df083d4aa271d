package dev.petiole.discovery.opcua;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An answer of multicast DNS, reduced to the records of DNS-SD (RFC 1035 §4, RFC 6762, RFC 6763). Names are in lower
/// case, since DNS does not tell cases apart.
record DnsMessage(List<Entry> records) {

    static final int MAX_BYTES = 9000;

    private static final int HEADER_BYTES = 12;
    private static final int RESPONSE = 0x8000;
    private static final int MAX_RECORDS = 256;
    private static final int MAX_NAME = 255;
    private static final int MAX_JUMPS = 32;
    private static final int PTR = 12;
    private static final int TXT = 16;
    private static final int SRV = 33;
    private static final int INTERNET = 1;
    // Asks for answers to the group, which others hear as well (RFC 6762 §5.4 is the other way).
    private static final int CLASS_MASK = 0x7FFF;

    DnsMessage {
        records = List.copyOf(records);
    }

    /// A record that says something about a name.
    sealed interface Entry {

        String name();

        /// In seconds; 0 takes the record back.
        long timeToLive();
    }

    record Pointer(String name, long timeToLive, String target) implements Entry {}

    record Service(String name, long timeToLive, int port) implements Entry {}

    record Text(String name, long timeToLive, Map<String, String> values) implements Entry {
        Text {
            values = Map.copyOf(values);
        }
    }

    /// @return nothing if it is a question, or not what it should be
    static Optional<DnsMessage> parse(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return new Reader(ByteBuffer.wrap(bytes)).read();
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// A question for the instances of a service type.
    static byte[] question(String type) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : type.split("\\.")) {
            byte[] text = label.getBytes(StandardCharsets.UTF_8);
            out.write(text.length);
            out.writeBytes(text);
        }
        out.writeBytes(new byte[] {0, 0, PTR, 0, INTERNET});
        return out.toByteArray();
    }

    /// Reads one message. Whatever does not fit ends it.
    private record Reader(ByteBuffer buffer) {

        Optional<DnsMessage> read() {
            buffer.getShort();
            boolean isResponse = (buffer.getShort() & RESPONSE) != 0;
            int questions = unsigned(buffer.getShort());
            int records = unsigned(buffer.getShort()) + unsigned(buffer.getShort()) + unsigned(buffer.getShort());
            if (!isResponse || records > MAX_RECORDS || questions > MAX_RECORDS) {
                return Optional.empty();
            }
            for (int i = 0; i < questions; i++) {
                name();
                buffer.getInt();
            }
            var entries = new ArrayList<Entry>();
            for (int i = 0; i < records; i++) {
                entry().ifPresent(entries::add);
            }
            return Optional.of(new DnsMessage(entries));
        }

        private Optional<Entry> entry() {
            String name = name();
            int type = unsigned(buffer.getShort());
            int clazz = unsigned(buffer.getShort()) & CLASS_MASK;
            long timeToLive = Integer.toUnsignedLong(buffer.getInt());
            int length = unsigned(buffer.getShort());
            int end = buffer.position() + length;
            if (end > buffer.limit()) {
                throw new BufferUnderflowException();
            }
            Optional<Entry> entry = clazz == INTERNET ? data(name, type, timeToLive, end) : Optional.empty();
            buffer.position(end);
            return entry;
        }

        private Optional<Entry> data(String name, int type, long timeToLive, int end) {
            return switch (type) {
                case PTR -> Optional.of(new Pointer(name, timeToLive, name()));
                case SRV -> {
                    buffer.getInt();
                    yield Optional.of(new Service(name, timeToLive, unsigned(buffer.getShort())));
                }
                case TXT -> Optional.of(new Text(name, timeToLive, values(end)));
                default -> Optional.empty();
            };
        }

        /// RFC 6763 §6.4: the first of a key counts, and keys have no case.
        private Map<String, String> values(int end) {
            var values = new LinkedHashMap<String, String>();
            while (buffer.position() < end) {
                String text = text(Math.min(buffer.get() & 0xFF, end - buffer.position()));
                int equals = text.indexOf('=');
                String key = equals < 0 ? text : text.substring(0, equals);
                if (!key.isEmpty()) {
                    values.putIfAbsent(key.toLowerCase(Locale.ROOT), equals < 0 ? "" : text.substring(equals + 1));
                }
            }
            return values;
        }

        /// Labels, the rest of which may lie further up (RFC 1035 §4.1.4).
        private String name() {
            var name = new StringBuilder();
            int after = -1;
            for (int jumps = 0; ; ) {
                int length = buffer.get() & 0xFF;
                if (length == 0) {
                    break;
                }
                if ((length & 0xC0) == 0xC0) {
                    int target = (length & 0x3F) << 8 | buffer.get() & 0xFF;
                    after = after < 0 ? buffer.position() : after;
                    if (++jumps > MAX_JUMPS) {
                        throw new IllegalArgumentException("a name that never ends");
                    }
                    buffer.position(target);
                } else if (length > 63 || name.length() + length > MAX_NAME) {
                    throw new IllegalArgumentException("a name that is too long");
                } else {
                    name.append(name.isEmpty() ? "" : ".").append(text(length));
                }
            }
            if (after >= 0) {
                buffer.position(after);
            }
            return name.toString().toLowerCase(Locale.ROOT);
        }

        private String text(int length) {
            var bytes = new byte[length];
            buffer.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private static int unsigned(short value) {
            return Short.toUnsignedInt(value);
        }
    }
}
