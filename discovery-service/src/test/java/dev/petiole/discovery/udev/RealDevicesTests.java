package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On this machine's own kernel. What writes to sysfs is skipped without the right to.
class RealDevicesTests {

    private static final Path NULL_UEVENT = Path.of("/sys/class/mem/null/uevent");
    private static final Path ZRAM = Path.of("/sys/class/zram-control");
    private static final Duration SOON = Duration.ofSeconds(3);

    @Test
    void everyLinuxHasANullDevice() {
        assumeTrue(Files.exists(NULL_UEVENT), "no /sys/class/mem/null");

        try (var sightings = discover("SUBSYSTEM==\"mem\", KERNEL==\"null\"")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(sightings.last().devices())
                            .singleElement()
                            .satisfies(device -> {
                                assertThat(device.identity()).isEqualTo("/devices/virtual/mem/null");
                                assertThat(device.properties()).containsEntry("UDEV_DEVNODE", "/dev/null");
                            }));
        }
    }

    @Test
    void kernelsUeventIsHeardByEverySubscriberUntilItLeaves() throws Exception {
        assumeTrue(Files.isWritable(NULL_UEVENT), NULL_UEVENT + " is not writable");
        var monitor = new UeventMonitor(Path.of("/no/such/directory"));
        var first = new Semaphore(0);
        var second = new Semaphore(0);
        try (DeviceChanges.Subscription subscription = monitor.subscribe(first::release)) {
            assertThat(subscription.isLive()).isTrue();
            try (DeviceChanges.Subscription _ = monitor.subscribe(second::release)) {
                Files.writeString(NULL_UEVENT, "change");

                assertThat(first.tryAcquire(3, TimeUnit.SECONDS)).isTrue();
                assertThat(second.tryAcquire(3, TimeUnit.SECONDS)).isTrue();
            }
            second.drainPermits();
            first.drainPermits();
            Files.writeString(NULL_UEVENT, "change");
            assertThat(first.tryAcquire(3, TimeUnit.SECONDS)).isTrue();
            assertThat(second.availablePermits()).isZero();
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .doesNotContain("discovery-udev-uevents"));
    }

    /// Without udevd there is only the kernel's word; with it, its database changes after the kernel's uevent.
    @Test
    void changeOfUdevdsDatabaseIsHeard(@TempDir Path database) throws Exception {
        var monitor = new UeventMonitor(database);
        var heard = new Semaphore(0);
        try (DeviceChanges.Subscription _ = monitor.subscribe(heard::release)) {
            Files.writeString(database.resolve("c1:3"), "E:ID_X=1\n");

            assertThat(heard.tryAcquire(3, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// The back-up poll comes after a minute: this is faster by uevents alone.
    @Test
    void hotAddedBlockDeviceIsFoundAndItsRemovalNoticed() throws IOException {
        assumeTrue(
                Files.isReadable(ZRAM.resolve("hot_add")) && Files.isWritable(ZRAM.resolve("hot_remove")), "no zram");
        try (var sightings = discover("SUBSYSTEM==\"block\", KERNEL==\"zram*\"")) {
            await().atMost(SOON).untilAsserted(sightings::last);

            String id = Files.readString(ZRAM.resolve("hot_add")).strip();

            String devpath = "/devices/virtual/block/zram" + id;
            try {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(identities(sightings)).contains(devpath));
            } finally {
                Files.writeString(ZRAM.resolve("hot_remove"), id);
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(identities(sightings)).doesNotContain(devpath));
        }
    }

    /// More uevents than the socket's buffer holds, and nobody to receive them: the kernel says that some are lost.
    @Test
    void lostUeventsAreSaidToBeLost() throws Exception {
        assumeTrue(Files.isWritable(NULL_UEVENT), NULL_UEVENT + " is not writable");
        try (UeventSocket socket = UeventSocket.open(1)) {
            for (int i = 0; i < 200; i++) {
                Files.writeString(NULL_UEVENT, "change");
            }

            var news = new ArrayList<UeventSocket.News>();
            do {
                news.add(socket.receive());
            } while (!(news.getLast() instanceof UeventSocket.News.Lost) && news.size() < 200);
            assertThat(news.getLast()).isInstanceOf(UeventSocket.News.Lost.class);

            // It is still of use.
            while (news.getLast() instanceof UeventSocket.News.Lost || news.size() > 200) {
                Files.writeString(NULL_UEVENT, "change");
                news.add(socket.receive());
            }
            assertThat(news.getLast()).isInstanceOf(UeventSocket.News.Announced.class);
        }
    }

    @Test
    void loopDeviceIsFoundAndItsRemovalNoticed() throws Exception {
        assumeTrue(isDone("sh", "-c", "command -v losetup && test -w /dev/loop-control"), "no loop devices here");
        Path image = Files.createTempFile("petiole-loop", ".img");
        Files.write(image, new byte[1024 * 1024]);
        try (var sightings =
                discover("SUBSYSTEM==\"block\", KERNEL==\"loop*\", ATTR{loop/backing_file}==\"" + image + "\"")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(identities(sightings)).isEmpty());
            assumeTrue(isDone("losetup", "-f", image.toString()), "no free loop device");
            try {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(identities(sightings)).hasSize(1));
            } finally {
                run("sh", "-c", "losetup -d $(losetup -j " + image + " | cut -d: -f1)");
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(identities(sightings)).isEmpty());
        } finally {
            Files.delete(image);
        }
    }

    @Test
    void tapAndVethInterfacesAreFoundAndTheirEndNoticed() throws Exception {
        String tap = "pt" + ProcessHandle.current().pid() % 100_000;
        try (var sightings = discover("SUBSYSTEM==\"net\", KERNEL==\"" + tap + "*\"")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(identities(sightings)).isEmpty());
            assumeTrue(isDone("ip", "tuntap", "add", tap, "mode", "tap"), "no tap interfaces here");
            try {
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(identities(sightings)).containsExactly("/devices/virtual/net/" + tap));
                assumeTrue(
                        isDone("ip", "link", "add", tap + "a", "type", "veth", "peer", "name", tap + "b"),
                        "no veth interfaces here");
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(identities(sightings)).hasSize(3));
                run("ip", "link", "delete", tap + "a");
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(identities(sightings)).hasSize(1));
            } finally {
                run("ip", "tuntap", "delete", tap, "mode", "tap");
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(identities(sightings)).isEmpty());
        }
    }

    private static boolean isDone(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(isDone(command)).as(String.join(" ", command)).isTrue();
    }

    private static RecordedSightings discover(String rule) {
        return new RecordedSightings(new UdevHandler().prepare(HandlerInput.of("udevRules: ['" + rule + "']")));
    }

    private static List<String> identities(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }
}
