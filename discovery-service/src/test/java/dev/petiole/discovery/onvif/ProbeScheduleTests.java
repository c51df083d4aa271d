package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.YamlDetails;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeScheduleTests {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Instant> rounds = new ArrayList<>();
    private final List<Instant> sends = new ArrayList<>();
    private final List<InetAddress> asked = new ArrayList<>();
    private int steps;

    @Test
    void roundIsBothProbesAndBothOnceMore() {
        ProbeSchedule schedule = schedule("");

        ProbeSchedule.Step first = schedule.step(BEGIN);
        Instant repeat = schedule.next();
        ProbeSchedule.Step second = schedule.step(repeat);

        assertThat(first.isNewRound()).isTrue();
        assertThat(first.multicasts()).hasSize(2);
        assertThat(repeat).isBetween(BEGIN.plusMillis(50), BEGIN.plusMillis(250));
        assertThat(second.isNewRound()).isFalse();
        assertThat(second.multicasts()).isEqualTo(first.multicasts());
        assertThat(schedule.next()).isEqualTo(BEGIN.plusSeconds(10));
    }

    /// At most one wake-up a second when nothing happens. Issue 5.
    @Test
    void littleHappensInAnHour() {
        run(schedule(""), Duration.ofHours(1));

        assertThat(rounds).hasSize(360);
        assertThat(sends).hasSize(720);
        assertThat(steps).isEqualTo(720);
    }

    @Test
    void answersAreKnownByTheIdsOfRecentProbes() throws MalformedMessage {
        ProbeSchedule schedule = schedule("");
        String id = Soap.envelope(schedule.step(BEGIN).multicasts().getFirst()).textAt("Header", "MessageID");

        assertThat(schedule.isOurs(id)).isTrue();
        assertThat(schedule.isOurs("")).isFalse();
        assertThat(schedule.isOurs("urn:uuid:other")).isFalse();
        run(schedule, Duration.ofMinutes(5));
        assertThat(schedule.isOurs(id)).isFalse();
    }

    @Test
    void addressesAreAskedAtABoundedRate() {
        ProbeSchedule schedule = schedule("addresses: [10.0.0.0/20]");
        assertThat(schedule.firstScanEnd()).isNull();

        run(schedule, Duration.ofSeconds(1));
        assertThat(asked).hasSizeBetween(190, 210);

        run(schedule, Duration.ofSeconds(60));
        assertThat(asked).hasSize(4094).doesNotHaveDuplicates();
        assertThat(schedule.firstScanEnd()).isBetween(BEGIN.plusSeconds(20), BEGIN.plusSeconds(23));
    }

    @Test
    void fewAddressesAreAskedInEachRound() {
        run(schedule("addresses: [10.0.0.1, 10.0.0.2]"), Duration.ofMinutes(1));

        assertThat(asked).hasSize(12);
    }

    private void run(ProbeSchedule schedule, Duration time) {
        Instant end = BEGIN.plus(time);
        for (Instant now = schedule.next(); now.isBefore(end); now = schedule.next()) {
            ProbeSchedule.Step step = schedule.step(now);
            steps++;
            if (step.isNewRound()) {
                rounds.add(now);
            }
            if (!step.multicasts().isEmpty()) {
                sends.add(now);
            }
            asked.addAll(step.unicasts());
        }
    }

    private static ProbeSchedule schedule(String details) {
        return new ProbeSchedule(YamlDetails.read(details, OnvifDetails.class).toQuery(), new Random(1), BEGIN);
    }
}
