package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Watches all of a Configuration's URLs at the same time, and merges what they tell.
final class OpcUaDiscovery implements Discovery {

    private final OpcUaQuery query;
    private final Supplier<OpcUaConnector> connector;

    /// @param connector asked when discovery runs, so that a Configuration that never runs loads no OPC UA code
    OpcUaDiscovery(OpcUaQuery query, Supplier<OpcUaConnector> connector) {
        this.query = query;
        this.connector = connector;
    }

    @Override
    public void run(DiscoverySink sink) throws InterruptedException {
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(2 * query.urls().size());
        List<Thread> watches = startWatches(events);
        try {
            merge(events, sink);
        } finally {
            watches.forEach(Thread::interrupt);
        }
    }

    private List<Thread> startWatches(BlockingQueue<Event> events) {
        OpcUaConnector shared = connector.get();
        return query.urls().stream()
                .map(url -> new UrlWatch(url, query, shared, Hosts.RESOLVED))
                .map(watch -> Thread.ofVirtual().name("discovery-opcua-url").start(() -> watch(watch, events)))
                .toList();
    }

    private static void watch(UrlWatch watch, BlockingQueue<Event> events) {
        try {
            watch.run(answer -> put(events, new Event.Answered(answer)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            put(events, new Event.Failed(e));
        }
    }

    private static void put(BlockingQueue<Event> events, Event event) {
        try {
            events.put(event);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void merge(BlockingQueue<Event> events, DiscoverySink sink) throws InterruptedException {
        Map<DiscoveryUrl, UrlAnswer> answers = new HashMap<>();
        @Nullable Sighting reported = null;
        while (true) {
            Event event = events.take();
            do {
                switch (event) {
                    case Event.Answered(UrlAnswer answer) -> answers.put(answer.url(), answer);
                    case Event.Failed(RuntimeException cause) ->
                        throw new IllegalStateException("a watch of a URL ended", cause);
                }
                event = events.poll();
            } while (event != null);
            if (answers.size() == query.urls().size()) {
                Sighting sighting = merged(answers);
                if (!sighting.equals(reported)) {
                    sink.report(sighting);
                    reported = sighting;
                }
            }
        }
    }

    /// A server found by several URLs is one device; the first URL that is written tells where it is.
    private Sighting merged(Map<DiscoveryUrl, UrlAnswer> answers) {
        var devices = new LinkedHashMap<String, DiscoveredDevice>();
        var warnings = new LinkedHashSet<Warning>();
        for (DiscoveryUrl url : query.urls()) {
            UrlAnswer answer = answers.get(url);
            if (answer != null) {
                answer.devices().forEach(device -> devices.putIfAbsent(device.identity(), device));
                warnings.addAll(answer.warnings());
            }
        }
        return new Sighting(new ArrayList<>(devices.values()), new ArrayList<>(warnings));
    }

    /// What a watch tells.
    private sealed interface Event {

        record Answered(UrlAnswer answer) implements Event {}

        record Failed(RuntimeException cause) implements Event {}
    }
}
