package dev.petiole.registry.watch;

import dev.petiole.registry.revision.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/// What is measured of watches.
@Component
final class WatchMeters {

    private static final String PREFIX = "petiole.registry.";

    private final Map<String, OfKind> kinds = new HashMap<>();

    WatchMeters(MeterRegistry registry, List<Kind<?>> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.name(), new OfKind(registry, kind.name())));
    }

    /// Why a watch ended.
    enum End {
        /// The client went, or did not read.
        DISCONNECTED,
        /// The client was so slow that what it had to be told next was kept no more.
        FELL_BEHIND,
        /// The registry stops, or its database is another.
        STOPPED
    }

    OfKind of(Kind<?> kind) {
        return Objects.requireNonNull(kinds.get(kind.name()), kind::name);
    }

    /// Those of one kind of item.
    static final class OfKind {

        private final AtomicInteger open = new AtomicInteger();
        private final Counter events;
        private final Map<End, Counter> ends = new HashMap<>();

        private OfKind(MeterRegistry registry, String kind) {
            Gauge.builder(PREFIX + "watchers", open, AtomicInteger::get)
                    .description("Watches that are open")
                    .tag("kind", kind)
                    .register(registry);
            this.events = Counter.builder(PREFIX + "watch.events")
                    .description("Events that were sent to watchers, without bookmarks and heartbeats")
                    .tag("kind", kind)
                    .register(registry);
            for (End end : End.values()) {
                ends.put(
                        end,
                        Counter.builder(PREFIX + "watch.ends")
                                .description("Watches that ended, by the reason")
                                .tag("kind", kind)
                                .tag(
                                        "reason",
                                        end.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .register(registry));
            }
        }

        void began() {
            open.incrementAndGet();
        }

        void sent() {
            events.increment();
        }

        void ended(End end) {
            open.decrementAndGet();
            Objects.requireNonNull(ends.get(end)).increment();
        }
    }
}
