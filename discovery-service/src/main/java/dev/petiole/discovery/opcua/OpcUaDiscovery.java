package dev.petiole.discovery.opcua;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Watches all of a Configuration's URLs at the same time, those that are written and those that are found, and
/// merges what they tell.
final class OpcUaDiscovery implements Discovery {

    private static final int MAX_EVENTS = 64;

    /// Whoever announces itself without end is asked no more often.
    private static final Duration WAKING_PAUSE = Duration.ofSeconds(1);

    /// Beyond those that are written.
    private static final int MAX_FOUND = 500;

    private final OpcUaQuery query;
    private final Supplier<OpcUaConnector> connector;
    private final List<UrlSource> sources;

    /// @param connector asked when discovery runs, so that a Configuration that never runs loads no OPC UA code
    OpcUaDiscovery(OpcUaQuery query, Supplier<OpcUaConnector> connector, List<UrlSource> sources) {
        this.query = query;
        this.connector = connector;
        this.sources = List.copyOf(sources);
    }

    @Override
    public void run(DiscoverySink sink) throws InterruptedException {
        var run = new Run(connector.get());
        try {
            run.merge(sink);
        } finally {
            run.threads.forEach(Thread::interrupt);
            run.watches.values().forEach(Thread::interrupt);
        }
    }

    /// What a watch or a source tells.
    private sealed interface Event {

        record Answered(UrlAnswer answer) implements Event {}

        record Found(UrlSource source, UrlSource.Find find) implements Event {}

        record Failed(RuntimeException cause) implements Event {}
    }

    /// For the discovery's own thread, but for the queue.
    private final class Run {

        private final OpcUaConnector shared;
        private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MAX_EVENTS);
        private final List<Thread> threads = new ArrayList<>();
        private final Map<DiscoveryUrl, Thread> watches = new HashMap<>();
        private final Map<DiscoveryUrl, UrlAnswer> answers = new HashMap<>();
        private final Map<UrlSource, UrlSource.Find> finds = new LinkedHashMap<>();
        private final Map<DiscoveryUrl, Long> woken = new HashMap<>();

        Run(OpcUaConnector shared) {
            this.shared = shared;
        }

        void merge(DiscoverySink sink) throws InterruptedException {
            query.urls().forEach(this::watch);
            sources.forEach(source -> start("discovery-opcua-source", () -> run(source)));
            @Nullable Sighting reported = null;
            while (true) {
                for (Event event = events.take(); event != null; event = events.poll()) {
                    take(event);
                }
                // The first word must be the whole truth.
                if (reported != null || isComplete()) {
                    Sighting sighting = merged();
                    if (!sighting.equals(reported)) {
                        sink.report(sighting);
                        reported = sighting;
                    }
                }
            }
        }

        private void take(Event event) {
            switch (event) {
                case Event.Answered(UrlAnswer answer) -> {
                    // A word from a watch that was ended meanwhile is none.
                    if (watches.containsKey(answer.url())) {
                        answers.put(answer.url(), answer);
                    }
                }
                case Event.Found(UrlSource source, UrlSource.Find find) -> {
                    finds.put(source, find);
                    adjust();
                    find.fresh().forEach(this::wake);
                }
                case Event.Failed(RuntimeException cause) ->
                    throw new IllegalStateException("a watch of a URL ended", cause);
            }
        }

        private boolean isComplete() {
            return finds.size() == sources.size() && answers.keySet().containsAll(watches.keySet());
        }

        /// What was found once is watched for as long as a server answers there, since one lost packet is not its end.
        private void adjust() {
            Set<DiscoveryUrl> wanted = new HashSet<>(query.urls());
            finds.values().stream()
                    .flatMap(find -> find.urls().stream())
                    .sorted(Comparator.comparing(DiscoveryUrl::toString))
                    .limit(MAX_FOUND)
                    .forEach(wanted::add);
            answers.values().stream()
                    .filter(answer -> !answer.devices().isEmpty())
                    .forEach(answer -> wanted.add(answer.url()));
            watches.entrySet().removeIf(entry -> {
                boolean isGone = !wanted.contains(entry.getKey());
                if (isGone) {
                    entry.getValue().interrupt();
                    answers.remove(entry.getKey());
                    woken.remove(entry.getKey());
                }
                return isGone;
            });
            wanted.stream()
                    .filter(url -> !watches.containsKey(url))
                    .limit(Math.max(0, query.urls().size() + MAX_FOUND - watches.size()))
                    .toList()
                    .forEach(this::watch);
        }

        /// Who announces itself need not wait until its turn to be asked again has come.
        private void wake(DiscoveryUrl url) {
            Thread asleep = watches.get(url);
            UrlAnswer answer = answers.get(url);
            Long before = woken.get(url);
            long now = System.nanoTime();
            if (asleep != null
                    && answer != null
                    && answer.devices().isEmpty()
                    && (before == null || now - before > WAKING_PAUSE.toNanos())) {
                woken.put(url, now);
                asleep.interrupt();
                watch(url);
            }
        }

        private void watch(DiscoveryUrl url) {
            var watch = new UrlWatch(url, query, shared, Hosts.RESOLVED);
            watches.put(url, start("discovery-opcua-url", () -> watch.run(answer -> put(new Event.Answered(answer)))));
        }

        private void run(UrlSource source) throws InterruptedException {
            source.run(find -> put(new Event.Found(source, find)));
        }

        private Thread start(String name, Work work) {
            Thread thread = Thread.ofVirtual().name(name).start(() -> {
                try {
                    work.run();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    put(new Event.Failed(e));
                }
            });
            if (name.endsWith("source")) {
                threads.add(thread);
            }
            return thread;
        }

        private void put(Event event) {
            try {
                events.put(event);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /// A server found by several URLs is one device; the first URL that is written tells where it is.
        private Sighting merged() {
            var devices = new LinkedHashMap<String, DiscoveredDevice>();
            var warnings = new LinkedHashSet<Warning>();
            for (DiscoveryUrl url : query.urls()) {
                UrlAnswer answer = answers.get(url);
                if (answer != null) {
                    answer.devices().forEach(device -> devices.putIfAbsent(device.identity(), device));
                    warnings.addAll(answer.warnings());
                }
            }
            // That nobody speaks OPC UA where a port is open is no reason for a warning.
            answers.values().stream()
                    .sorted(Comparator.comparing(answer -> answer.url().toString()))
                    .flatMap(answer -> answer.devices().stream())
                    .forEach(device -> devices.putIfAbsent(device.identity(), device));
            finds.values().forEach(find -> warnings.addAll(find.warnings()));
            long found = finds.values().stream()
                    .mapToLong(find -> find.urls().size())
                    .sum();
            if (found > MAX_FOUND) {
                warnings.add(new Warning(
                        DiscoveryReason.TOO_MANY_DEVICES,
                        "%d places were found, and %d are asked. Use smaller networks, or several Configurations."
                                .formatted(found, MAX_FOUND)));
            }
            return new Sighting(new ArrayList<>(devices.values()), new ArrayList<>(warnings));
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }
}
