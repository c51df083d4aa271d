package dev.petiole.discovery.onvif;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a discovery: one thread sends, hears and concludes; devices are asked on threads of their own, and what
/// they answer comes back to it.
final class Search implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Search.class);

    /// A crowd of silent devices must not keep the first report back for ever.
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(30);

    private static final int MAX_INSPECTIONS = 32;
    private static final int REMEMBERED_MESSAGES = 256;

    private final CameraTable table;
    private final DiscoverySockets sockets;
    private final Clock clock;
    private final ProbeSchedule probes;
    private final Inspector inspector;
    private final MessageBudget budget = new MessageBudget();
    private final SequencedSet<Heard> heardMessages = new LinkedHashSet<>();
    private final Map<Inspector.Task, Thread> asking = new HashMap<>();
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();

    private @Nullable Sighting reported;
    private List<Warning> reportedWarnings = List.of();
    private long reportedVersion = -1;

    private record Result(Inspector.Task task, Inspection inspection) {}

    private record Heard(String messageId, InetAddress from) {}

    Search(OnvifQuery query, CameraTable table, DiscoverySockets sockets, OnvifDiscovery.Surroundings surroundings) {
        this.table = table;
        this.sockets = sockets;
        this.clock = surroundings.clock();
        this.probes = new ProbeSchedule(query, surroundings.random(), clock.instant());
        this.inspector = new Inspector(surroundings.inspections(), clock);
    }

    void run(DiscoverySink sink) throws IOException, InterruptedException {
        while (true) {
            Instant now = clock.instant();
            probe(now);
            ask(now);
            report(sink, now);
            sockets.receive(Duration.between(clock.instant(), next(now)), this::heard);
            for (Result result = results.poll(); result != null; result = results.poll()) {
                asking.remove(result.task());
                table.inspected(result.task(), result.inspection(), clock.instant());
            }
        }
    }

    /// Ends the threads on which devices are asked.
    @Override
    public void close() {
        asking.values().forEach(Thread::interrupt);
    }

    private void probe(Instant now) throws IOException {
        ProbeSchedule.Step step = probes.step(now);
        if (step.isNewRound()) {
            table.roundEnded(now);
            sockets.refresh();
        }
        step.multicasts().forEach(sockets::multicast);
        if (!step.unicasts().isEmpty()) {
            byte[] message = probes.sweepProbe();
            step.unicasts().forEach(address -> sockets.unicast(message, address));
        }
    }

    private void ask(Instant now) {
        for (Inspector.Task task : table.due(MAX_INSPECTIONS - asking.size(), now)) {
            asking.put(
                    task,
                    Thread.ofVirtual().name("discovery-onvif-" + task.uuid()).start(() -> inspect(task)));
        }
    }

    /// The outermost frame: whatever a device provokes harms that device alone.
    private void inspect(Inspector.Task task) {
        try {
            results.add(new Result(task, inspector.inspect(task)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("uuid", task.uuid()).log("camera could not be inspected");
            results.add(new Result(
                    task,
                    new Inspection.Unreachable(new Warning(
                            DiscoveryReason.ENDPOINT_UNREACHABLE,
                            "camera " + task.uuid() + " could not be asked: "
                                    + e.getClass().getSimpleName()))));
        } finally {
            sockets.wakeUp();
        }
    }

    private void heard(DiscoverySockets.Datagram datagram) {
        Instant now = clock.instant();
        if (!budget.spend(datagram.from(), datagram.bytes().length, now)) {
            return;
        }
        try {
            switch (WsDiscovery.parse(datagram.bytes())) {
                case DiscoveryMessage.Matches(var relatesTo, var announcements)
                when probes.isOurs(relatesTo) ->
                    announcements.forEach(it -> table.heard(it, datagram.from(), false, now));
                case DiscoveryMessage.Hello(var id, var announcement)
                when isNew(id, datagram.from()) -> table.heard(announcement, datagram.from(), true, now);
                case DiscoveryMessage.Bye(var id, var uuid)
                when isNew(id, datagram.from()) -> table.left(uuid, datagram.from(), now);
                case DiscoveryMessage.Matches _, DiscoveryMessage.Hello _, DiscoveryMessage.Bye _ -> {
                    // Answers others, or is a message that has been heard before.
                }
                case DiscoveryMessage.Irrelevant _ -> {
                    // Another device's business.
                }
            }
        } catch (MalformedMessage e) {
            log.atDebug()
                    .addKeyValue("from", datagram.from())
                    .addKeyValue("problem", e.getMessage())
                    .log("message ignored");
        }
    }

    /// Messages are sent several times (SOAP-over-UDP), and a late Bye must not undo the Hello that came after it. A
    /// device of several addresses says the same by each, and any of them may be the one of its service.
    private boolean isNew(String messageId, InetAddress from) {
        if (messageId.isEmpty()) {
            return true;
        }
        if (!heardMessages.add(new Heard(messageId, from))) {
            return false;
        }
        if (heardMessages.size() > REMEMBERED_MESSAGES) {
            heardMessages.removeFirst();
        }
        return true;
    }

    private void report(DiscoverySink sink, Instant now) {
        if (reported == null && !hasScanned(now)) {
            return;
        }
        List<Warning> warnings = sockets.warnings();
        if (table.version() == reportedVersion && warnings.equals(reportedWarnings)) {
            return;
        }
        reportedVersion = table.version();
        reportedWarnings = warnings;
        Sighting sighting = table.sighting(warnings);
        if (!sighting.equals(reported)) {
            reported = sighting;
            sink.report(sighting);
        }
    }

    private boolean hasScanned(Instant now) {
        Instant end = probes.firstScanEnd();
        return end != null && !now.isBefore(end) && (table.isSettled() || !now.isBefore(end.plus(LONGEST_SETTLING)));
    }

    /// When there is something to do, if nothing happens before.
    ///
    /// @param now when all that was due was done last: what has become due since must not be slept over
    private Instant next(Instant now) {
        Instant next = probes.next();
        if (asking.size() < MAX_INSPECTIONS) {
            next = earlier(next, table.findNextDue().orElse(Instant.MAX));
        }
        Instant end = probes.firstScanEnd();
        if (reported == null && end != null) {
            next = earlier(next, now.isBefore(end) ? end : end.plus(LONGEST_SETTLING));
        }
        return next;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
