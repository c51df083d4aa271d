package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static dev.petiole.scheduler.SchedulerStage.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.testing.RequiresApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How often the API server is asked to change something: for a device that comes, for one that flaps, and at rest.
@RequiresApiServer
class RequestCountIT {

    private static final int DEVICES = 30;

    private SchedulerStage stage;

    @BeforeEach
    void start() {
        stage = new SchedulerStage("request-count-it");
        stage.apply(
                "scales",
                "{discoveryHandler: {name: opcua}, brokerSpec: {brokerPodSpec: {containers: [{name: b, image: \"b:1\"}]}}}");
        eventually(() -> assertThat(stage.condition("scales", "Discovering")).startsWith("True"));
        settle();
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void aDeviceTakesSixRequestsToBringUpAndFourToFlapAndNoneAtRest() {
        double before = stage.requests();
        report(Presence.ONLINE);
        eventually(() -> assertThat(stage.condition("scales", "Ready"))
                .startsWith("True")
                .contains(DEVICES + " of " + DEVICES));
        settle();
        double broughtUp = stage.requests();
        assertThat((broughtUp - before) / DEVICES).as(stage.requestsByKind()).isLessThanOrEqualTo(6);

        report(Presence.MISSING);
        settle();
        report(Presence.ONLINE);
        settle();
        assertThat((stage.requests() - broughtUp) / DEVICES)
                .as(stage.requestsByKind())
                .isLessThanOrEqualTo(4);

        double flapped = stage.requests();
        throughout(Duration.ofSeconds(5), () -> assertThat(stage.requests()).isEqualTo(flapped));
    }

    private void report(Presence presence) {
        for (int i = 0; i < DEVICES; i++) {
            String node = stage.nodes.get(i % stage.nodes.size());
            stage.device("scales", "device" + (1000 + i), presence, 1, Map.of(), List.of(node), List.of());
        }
    }

    private void settle() {
        double[] last = {-1};
        throughout(Duration.ofSeconds(2), () -> {
            double now = stage.requests();
            boolean isSettled = now == last[0];
            last[0] = now;
            assertThat(isSettled).isTrue();
        });
    }
}
