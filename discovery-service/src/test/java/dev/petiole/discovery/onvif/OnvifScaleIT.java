package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.onvif.SimulatedCamera.Login;
import dev.petiole.discovery.onvif.SimulatedCamera.Settings;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How soon events are reported, and that many cameras are found.
class OnvifScaleIT {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int EVENTS = 100;
    private static final int CAMERAS = 300;

    /// Issue 5: under 250 ms at the median, without polling.
    @Test
    void helloIsReportedSoon() throws Exception {
        int port = freePort();
        NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        var handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(() -> List.of(loopback), port));
        var times = new ArrayList<Duration>();
        try (var camera = SimulatedCamera.start(Settings.of("abc", Login.NONE), loopback, LOOPBACK, port);
                var sightings = new RecordedSightings(handler.prepare(HandlerInput.of("probeInterval: 1h")))) {
            awaitDevices(sightings, 1);
            for (int i = 0; i < EVENTS; i++) {
                camera.responder().bye();
                awaitDevices(sightings, 0);
                long begun = System.nanoTime();
                camera.responder().hello();
                awaitDevices(sightings, 1);
                times.add(Duration.ofNanos(System.nanoTime() - begun));
            }
        }

        Collections.sort(times);
        System.out.printf(
                "ONVIF Hello to report: median %d ms, p99 %d ms%n",
                times.get(EVENTS / 2).toMillis(), times.get(EVENTS * 99 / 100).toMillis());
        assertThat(times.get(EVENTS / 2)).isLessThan(Duration.ofMillis(250));
    }

    @Test
    void manyCamerasAreFoundByTheFirstReport() throws Exception {
        int port = freePort();
        NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        var handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(() -> List.of(loopback), port));
        var cameras = new ArrayList<SimulatedCamera>();
        try {
            for (int i = 0; i < CAMERAS; i++) {
                InetAddress address = InetAddress.ofLiteral("127.0." + (1 + i / 50) + "." + (1 + i % 50));
                cameras.add(SimulatedCamera.start(Settings.of("c" + i, Login.DIGEST_MD5), loopback, address, port));
            }
            long begun = System.nanoTime();
            try (var sightings = new RecordedSightings(handler.prepare(HandlerInput.of("")))) {
                await().atMost(Duration.ofSeconds(60)).untilAsserted(sightings::last);

                System.out.printf("%d cameras after %d ms%n", CAMERAS, (System.nanoTime() - begun) / 1_000_000);
                assertThat(sightings.all().getFirst().devices()).hasSize(CAMERAS);
            }
        } finally {
            cameras.forEach(SimulatedCamera::close);
        }
    }

    private static void awaitDevices(RecordedSightings sightings, int count) {
        await().atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> assertThat(sightings.last().devices()).hasSize(count));
    }

    private static int freePort() throws java.net.SocketException {
        try (var free = new DatagramSocket(0, LOOPBACK)) {
            return free.getLocalPort();
        }
    }
}
