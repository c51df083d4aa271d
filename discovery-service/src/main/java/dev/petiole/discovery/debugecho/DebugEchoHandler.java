package dev.petiole.discovery.debugecho;

import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.YamlDetails;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/// Akri's debugEcho: one device per description, all of them gone while a file says OFFLINE. Beyond it, devices can
/// be told to flap, to be slow and to fail.
@Component
@ConditionalOnBooleanProperty("petiole.debug-echo.enabled")
final class DebugEchoHandler implements DiscoveryHandler {

    static final String DESCRIPTION_PROPERTY = "DEBUG_ECHO_DESCRIPTION";

    private final boolean shared;
    private final String node;
    private final AvailabilityFile availability;

    DebugEchoHandler(DebugEchoProperties properties, NodeProperties node, AvailabilityFile availability) {
        this.shared = properties.shared();
        this.node = node.nodeName();
        this.availability = availability;
    }

    @Override
    public String name() {
        return "debugEcho";
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        Script script =
                YamlDetails.read(input.details(), DebugEchoDetails.class).toScript();
        return sink -> run(script, sink);
    }

    private void run(Script script, DiscoverySink sink) throws InterruptedException, IOException {
        long begun = System.nanoTime();
        pause(script.slow().toNanos());
        List<DiscoveredDevice> devices = script.isFor(node) ? script.devices() : List.of();
        var changed = new Semaphore(1);
        try (AvailabilityFile.Subscription _ = availability.onChange(changed::release)) {
            while (true) {
                boolean isAway = availability.isOffline() || script.isAway(System.nanoTime() - begun);
                sink.report(Sighting.of(isAway ? List.of() : devices));
                changed.drainPermits();
                long passed = System.nanoTime() - begun;
                if (changed.tryAcquire(script.untilNext(passed), TimeUnit.NANOSECONDS)) {
                    changed.drainPermits();
                }
                if (script.isToFail(System.nanoTime() - begun)) {
                    throw new IOException("as scripted by discoveryDetails.failAfter");
                }
            }
        }
    }

    private static void pause(long nanos) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
    }
}
