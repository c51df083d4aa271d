package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UeventTests {

    private static final String PROPERTIES = "ACTION=add\0DEVPATH=/devices/virtual/mem/null\0SUBSYSTEM=mem\0";

    @Test
    void kernelsMessageIsRead() {
        assertThat(Uevent.parse(bytes("add@/devices/virtual/mem/null\0" + PROPERTIES)))
                .contains(new Uevent("add", "/devices/virtual/mem/null", "mem"));
    }

    @Test
    void udevdsMessageIsRead() {
        assertThat(Uevent.parse(udevd(0xfeedcafe, 40, PROPERTIES.length())))
                .contains(new Uevent("add", "/devices/virtual/mem/null", "mem"));
    }

    @Test
    void headerThatPointsElsewhereIsNothing() {
        assertThat(Uevent.parse(udevd(0xfeedcafe, 40, 1_000_000))).isEmpty();
        assertThat(Uevent.parse(udevd(0xfeedcafe, -8, 10))).isEmpty();
        assertThat(Uevent.parse(udevd(0xfeedcafe, Integer.MAX_VALUE, 10))).isEmpty();
        assertThat(Uevent.parse(udevd(0xfeedcafe, 40, -1))).isEmpty();
        assertThat(Uevent.parse(udevd(0xdeadbeef, 40, 10))).isEmpty();
    }

    @Test
    void anythingElseIsNothing() {
        assertThat(Uevent.parse(new byte[0])).isEmpty();
        assertThat(Uevent.parse(bytes("\0\0\0"))).isEmpty();
        assertThat(Uevent.parse(bytes("hello"))).isEmpty();
        assertThat(Uevent.parse(bytes("add@/devices/x\0NOTHING"))).isEmpty();
    }

    @Test
    void noBytesMakeItFail() {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] message = udevd(0xfeedcafe, random.nextInt(100) - 20, random.nextInt(200) - 20);
            message[random.nextInt(message.length)] = (byte) random.nextInt();

            assertThat(Uevent.parse(message))
                    .satisfiesAnyOf(
                            uevent -> assertThat(uevent).isEmpty(),
                            uevent -> assertThat(uevent).isPresent());
        }
    }

    private static byte[] udevd(int magic, int offset, int length) {
        byte[] message = new byte[40 + PROPERTIES.length()];
        ByteBuffer.wrap(message).put(bytes("libudev\0")).putInt(magic);
        ByteBuffer.wrap(message)
                .order(ByteOrder.nativeOrder())
                .putInt(12, 40)
                .putInt(16, offset)
                .putInt(20, length)
                .put(40, bytes(PROPERTIES));
        return message;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
