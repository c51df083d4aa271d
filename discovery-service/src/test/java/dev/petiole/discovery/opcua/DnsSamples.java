package dev.petiole.discovery.opcua;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Messages of multicast DNS as an OPC UA server sends them, names compressed as most senders do.
final class DnsSamples {

    private static final byte[] HEADER = {0, 0, (byte) 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0};

    // Where the type's name stands: behind the header.
    private static final int TYPE_AT = 12;

    private DnsSamples() {}

    /// A pointer to the instance, its service and its text.
    static byte[] announcement(String instance, int port, String path, int timeToLive) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(HEADER);
        name(out, "_opcua-tcp", "_tcp", "local");
        record(out, 12, timeToLive, pointed(instance));
        int instanceAt = out.size() - pointed(instance).length;
        pointer(out, instanceAt);
        record(out, 33, timeToLive, service(port));
        pointer(out, instanceAt);
        record(out, 16, timeToLive, text("path=" + path, "caps=DA"));
        return out.toByteArray();
    }

    private static byte[] pointed(String instance) {
        var out = new ByteArrayOutputStream();
        label(out, instance);
        pointer(out, TYPE_AT);
        return out.toByteArray();
    }

    private static byte[] service(int port) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, (byte) (port >> 8), (byte) port});
        name(out, "host", "local");
        return out.toByteArray();
    }

    private static byte[] text(String... values) {
        var out = new ByteArrayOutputStream();
        for (String value : values) {
            label(out, value);
        }
        return out.toByteArray();
    }

    private static void record(ByteArrayOutputStream out, int type, int timeToLive, byte[] data) {
        out.writeBytes(ByteBuffer.allocate(10)
                .putShort((short) type)
                .putShort((short) 0x8001)
                .putInt(timeToLive)
                .putShort((short) data.length)
                .array());
        out.writeBytes(data);
    }

    private static void name(ByteArrayOutputStream out, String... labels) {
        for (String label : labels) {
            label(out, label);
        }
        out.write(0);
    }

    private static void label(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    private static void pointer(ByteArrayOutputStream out, int at) {
        out.write(0xC0 | at >> 8);
        out.write(at);
    }
}
