package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.InvalidDetails;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever others say — the kernel's socket, udevd's files, who writes a rule — is read or refused, and takes no
/// time. Seeded, so that what fails once fails again.
class UdevFuzzTests {

    private static final long SEED = 20261124;
    private static final int ROUNDS = 100_000;

    @Test
    @Timeout(60)
    void mutatedUeventsAreReadOrIgnored() {
        var random = new Random(SEED);
        byte[] kernel = bytes("add@/devices/a\0ACTION=add\0DEVPATH=/devices/a\0SUBSYSTEM=mem\0SEQNUM=1\0");
        byte[] udevd = Arrays.copyOf(bytes("libudev\0"), 80);
        System.arraycopy(
                new byte[] {(byte) 0xfe, (byte) 0xed, (byte) 0xca, (byte) 0xfe, 40, 0, 0, 0, 40}, 0, udevd, 8, 9);
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            read += Uevent.parse(mutated(i % 2 == 0 ? kernel : udevd, random)).isPresent() ? 1 : 0;
        }
        // A control: the mutations are neither all harmless nor all fatal.
        assertThat(read).isBetween(ROUNDS / 100, ROUNDS - 1);
    }

    @Test
    @Timeout(60)
    void mutatedRecordsOfUdevdAreRead() {
        var random = new Random(SEED);
        byte[] record = bytes("S:v4l/a\nE:ID_VENDOR=Acme\nG:uaccess\nQ:uaccess\nI:1\nV:1\nL:-100\n");
        for (int i = 0; i < ROUNDS; i++) {
            String text = new String(mutated(record, random), StandardCharsets.UTF_8);
            assertThat(UdevRecord.parse(text.lines().toList()).properties().size())
                    .isLessThan(20);
        }
    }

    @Test
    @Timeout(60)
    void mutatedRulesAreReadOrRefusedWithTheFieldsName(@TempDir Path directory) throws Exception {
        var random = new Random(SEED);
        List<SysfsDevice> devices = SysfsTree.typical(directory).scan().devices();
        byte[] rule = bytes(
                "KERNEL==\"video[0-9]*|tty?\", ATTRS{idVendor}!=\"046d\", ENV{ID_A-B}==\"*:capture:*\", TAGS==\"[!a-z]\"");
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                Rule parsed = RuleParser.parse("field", new String(mutated(rule, random), StandardCharsets.UTF_8));
                devices.forEach(parsed::matches);
                read++;
            } catch (InvalidDetails e) {
                assertThat(e).hasMessageStartingWith("field: ");
            }
        }
        assertThat(read).isBetween(200, 19_900);
    }

    /// Patterns that make a backtracking matcher take for ever.
    @Test
    @Timeout(10)
    void nestedStarsTakeNoTime() {
        Glob glob = Glob.of("*a".repeat(200) + "b");

        assertThat(glob.matches("a".repeat(2_000))).isFalse();
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = Arrays.copyOf(seed, random.nextInt(5) == 0 ? random.nextInt(seed.length + 20) : seed.length);
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean() ? (byte) random.nextInt(256) : seed[random.nextInt(seed.length)];
        }
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
