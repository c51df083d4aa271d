package dev.petiole.registry.revision;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// @param keepFor how long an entry of the log is kept
/// @param keepAtMost how many entries are kept
/// @param keepSize how much is kept, in characters
/// @param batch how many writes share one transaction at most
/// @param queue how many writes may wait
/// @param cached how many of the newest entries are held in memory for watchers
@ConfigurationProperties("petiole.log")
record RevisionProperties(
        @DefaultValue("24h") Duration keepFor,
        @DefaultValue("1000000") long keepAtMost,
        @DefaultValue("256MB") DataSize keepSize,
        @DefaultValue("100") int batch,
        @DefaultValue("10000") int queue,
        @DefaultValue("2000") int cached) {

    RevisionProperties {
        if (batch < 1 || queue < 1 || cached < 1 || keepAtMost < 1) {
            throw new IllegalArgumentException("petiole.log: batch, queue, cached and keep-at-most must be at least 1");
        }
    }
}
