package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.pace.SteadyClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MulticastDnsTests {

    private static final int PORT = 48_417;

    private final List<UrlSource.Find> finds = new CopyOnWriteArrayList<>();
    private int tries;

    @Test
    void networkThatFailsIsAWarningUntilItWorksAgain() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        var dns = new MulticastDns(loopback::equals, new SteadyClock(), this::failFirst);
        Thread thread = Thread.ofVirtual().start(() -> run(dns));
        try {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(finds)
                            .first()
                            .satisfies(find -> assertThat(find.warnings())
                                    .singleElement()
                                    .satisfies(warning -> {
                                        assertThat(warning.reason()).isEqualTo(DiscoveryReason.MULTICAST_UNAVAILABLE);
                                        assertThat(warning.message()).contains("5353", "no network yet");
                                    })));

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                MdnsAnnouncement.send("later", PORT, loopback);
                assertThat(finds.getLast().warnings()).isEmpty();
                assertThat(finds.getLast().urls())
                        .extracting(DiscoveryUrl::port)
                        .contains(PORT);
            });
        } finally {
            thread.interrupt();
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private DatagramChannel failFirst() throws IOException {
        if (tries++ == 0) {
            throw new IOException("no network yet");
        }
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        return channel.bind(new InetSocketAddress(5353));
    }

    private void run(MulticastDns dns) {
        try {
            dns.run(finds::add);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
