package dev.petiole.registry.history;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param keepFor how long an event is kept
/// @param keepAtMost how many events are kept in all
/// @param keepPerDevice how many events of one device are kept, so that one that comes and goes crowds out no other
@ConfigurationProperties("petiole.history")
record HistoryProperties(
        @DefaultValue("90d") Duration keepFor,
        @DefaultValue("1000000") long keepAtMost,
        @DefaultValue("1000") int keepPerDevice) {

    HistoryProperties {
        if (keepFor.isNegative() || keepFor.isZero() || keepAtMost < 1 || keepPerDevice < 1) {
            throw new IllegalArgumentException(
                    "petiole.history: keep-for must be positive, keep-at-most and keep-per-device at least 1");
        }
    }
}
