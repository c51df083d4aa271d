package dev.petiole.registry.revision;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// What is measured of writes and of their log.
@Component
final class WriteMeters {

    private static final String PREFIX = "petiole.registry.";

    private final MeterRegistry registry;
    private final Timer transactions;
    private final DistributionSummary batches;
    private final Counter trimmed;

    WriteMeters(MeterRegistry registry, RevisionStore store) {
        this.registry = registry;
        this.transactions = Timer.builder(PREFIX + "write")
                .description("Time of one database transaction, of all the writes in it")
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1))
                .register(registry);
        this.batches = DistributionSummary.builder(PREFIX + "write.batch")
                .description("Writes that were committed together")
                .register(registry);
        this.trimmed = Counter.builder(PREFIX + "log.trimmed")
                .description("Entries of the log that were forgotten")
                .register(registry);
        Gauge.builder(PREFIX + "log.entries", store, each -> each.extent().entries())
                .description("Entries of the log that are kept for watchers")
                .register(registry);
        Gauge.builder(PREFIX + "log.size", store, each -> each.extent().characters())
                .description("Characters of the entries that are kept")
                .register(registry);
    }

    /// Shows how many writes wait.
    void watch(Supplier<Number> waiting) {
        Gauge.builder(PREFIX + "writes.waiting", waiting)
                .description("Writes that wait for their transaction")
                .register(registry);
    }

    /// Shows the newest revision.
    void show(RevisionLog revisions) {
        Gauge.builder(PREFIX + "revision", revisions, RevisionLog::revision)
                .description("Revision of the newest entry of the log that this replica knows")
                .register(registry);
    }

    <R> R measured(int writes, Supplier<R> transaction) {
        batches.record(writes);
        Timer.Sample sample = Timer.start(registry);
        try {
            return transaction.get();
        } finally {
            sample.stop(transactions);
        }
    }

    void trimmed(int entries) {
        trimmed.increment(entries);
    }
}
