package dev.petiole.discovery.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.DiscoveryReason;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class SessionMetersTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DiscoveryMeters meters = new DiscoveryMeters(registry);

    @Test
    void aRunIsTimedUntilItsFirstFullListAlone() {
        SessionMeters scales = meters.of(SCALES, "udev");
        scales.began(false);
        scales.sighted(3);
        scales.sighted(2);

        assertThat(registry.get("petiole.discovery.duration").timer().count()).isEqualTo(1);
        assertThat(registry.get("petiole.discovery.devices").gauge().value()).isEqualTo(2);
        assertThat(registry.get("petiole.discovery.restarts").counter().count()).isZero();
    }

    @Test
    void errorsAreCountedByReasonAndRestartsToo() {
        SessionMeters scales = meters.of(SCALES, "udev");
        scales.began(false);
        scales.failed(DiscoveryReason.HANDLER_FAILED);
        scales.began(true);
        scales.failed(DiscoveryReason.HANDLER_FAILED);

        assertThat(registry.get("petiole.discovery.errors")
                        .tags("configuration", SCALES.toString(), "handler", "udev", "reason", "HandlerFailed")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("petiole.discovery.restarts").counter().count()).isEqualTo(1);
    }

    /// An edit of the details must not look like a new start of the service.
    @Test
    void anEditThatKeepsTheHandlerKeepsTheCounts() {
        meters.of(SCALES, "udev").failed("X");
        meters.of(SCALES, "udev").failed("X");

        assertThat(registry.get("petiole.discovery.errors").counter().count()).isEqualTo(2);
    }

    @Test
    void nothingIsLeftOfADeletedConfigurationOrOfAHandlerItNoLongerUses() {
        meters.of(SCALES, "udev").failed("X");
        SessionMeters late = meters.of(SCALES, "opcua");
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .allMatch(id -> "opcua".equals(id.getTag("handler")))
                .hasSize(3);

        meters.forget(SCALES);
        late.failed("Y");

        assertThat(registry.getMeters()).isEmpty();
    }
}
