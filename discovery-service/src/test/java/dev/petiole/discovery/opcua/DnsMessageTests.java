package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsMessageTests {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String NAME = "scale._opcua-tcp._tcp.local";

    @Test
    void announcementIsReadThroughItsCompressedNames() {
        assertThat(DnsMessage.parse(DnsSamples.announcement("Scale", 4841, "/ua", 120)))
                .hasValueSatisfying(message -> assertThat(message.records())
                        .containsExactly(
                                new DnsMessage.Pointer("_opcua-tcp._tcp.local", 120, NAME),
                                new DnsMessage.Service(NAME, 120, 4841),
                                new DnsMessage.Text(NAME, 120, Map.of("path", "/ua", "caps", "DA"))));
    }

    @Test
    void ownQuestionIsNoAnswer() {
        assertThat(DnsMessage.parse(DnsMessage.question(AnnouncedServers.TYPE))).isEmpty();
    }

    /// RFC 1035 §4.1.4 forbids neither a pointer to itself nor a chain of them.
    @Test
    void namesThatNeverEndAreRefused() {
        byte[] loop = {0, 0, (byte) 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, (byte) 0xC0, 12, 0, 12, 0, 1, 0, 0, 0, 1, 0, 0};

        assertThat(DnsMessage.parse(loop)).isEmpty();
    }

    @Test
    void serverIsWhereItsAnnouncementCameFromUntilItSaysGoodbyeOrFallsSilent() {
        var servers = new AnnouncedServers();
        InetAddress from = InetAddress.ofLiteral("192.0.2.7");
        servers.hear(announcement(120), from, NOW);
        assertThat(servers.urls(NOW)).containsExactly(new DiscoveryUrl("192.0.2.7", 4841, "/ua"));

        servers.hear(announcement(0), InetAddress.ofLiteral("192.0.2.66"), NOW);
        assertThat(servers.urls(NOW)).as("another's goodbye").hasSize(1);
        servers.hear(announcement(120), InetAddress.ofLiteral("192.0.2.66"), NOW);
        assertThat(servers.urls(NOW)).as("another of that name").hasSize(1);

        assertThat(servers.urls(NOW.plus(Duration.ofSeconds(120)))).isEmpty();
        servers.hear(announcement(120), from, NOW);
        servers.hear(announcement(0), from, NOW);
        assertThat(servers.urls(NOW)).isEmpty();
    }

    @Test
    void floodOfNamesIsBounded() {
        var servers = new AnnouncedServers();
        for (int i = 0; i < 10_000; i++) {
            servers.hear(
                    DnsMessage.parse(DnsSamples.announcement("s" + i, 4840, "/", 4500))
                            .orElseThrow(),
                    InetAddress.ofLiteral("192.0.2.7"),
                    NOW);
        }
        for (int i = 0; i < 600; i++) {
            servers.hear(
                    DnsMessage.parse(DnsSamples.announcement("t" + i, 4000 + i, "/", 4500))
                            .orElseThrow(),
                    InetAddress.ofLiteral("192.0.2.8"),
                    NOW);
        }

        assertThat(servers.urls(NOW)).hasSizeLessThanOrEqualTo(500);
    }

    /// Seeded, so that what fails once fails again.
    @Test
    void mutatedMessagesAreReadOrRefused() {
        var random = new Random(20261124);
        List<byte[]> seeds = List.of(
                DnsSamples.announcement("scale", 4840, "/ua", 120),
                DnsSamples.announcement("x".repeat(63), 65535, "", 0),
                DnsMessage.question(AnnouncedServers.TYPE));
        var servers = new AnnouncedServers();
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = mutated(seeds.get(i % seeds.size()), random);
            assertThatCode(() -> DnsMessage.parse(bytes)
                            .ifPresent(message -> servers.hear(message, InetAddress.getLoopbackAddress(), NOW)))
                    .as("round %d", i)
                    .doesNotThrowAnyException();
        }
        assertThat(servers.urls(NOW)).hasSizeLessThanOrEqualTo(500);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes =
                java.util.Arrays.copyOf(seed, random.nextInt(4) == 0 ? random.nextInt(seed.length + 40) : seed.length);
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static DnsMessage announcement(int timeToLive) {
        return DnsMessage.parse(DnsSamples.announcement("Scale", 4841, "/ua", timeToLive))
                .orElseThrow();
    }
}
