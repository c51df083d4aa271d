package dev.petiole.discovery.testing;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.Sighting;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// A handler that says what a test has it say.
public final class ScriptedHandler implements DiscoveryHandler {

    private final BlockingQueue<Act> acts = new LinkedBlockingQueue<>();
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private volatile boolean isShared = true;

    private sealed interface Act {
        record See(Sighting sighting) implements Act {}

        record Fail(String message) implements Act {}
    }

    public void see(String... identities) {
        see(Sighting.of(devices(identities)));
    }

    public void see(Sighting sighting) {
        acts.add(new Act.See(sighting));
    }

    /// Its devices can be reached from this node alone.
    public void seeLocally() {
        isShared = false;
    }

    public void fail(String message) {
        acts.add(new Act.Fail(message));
    }

    public static List<DiscoveredDevice> devices(String... identities) {
        return Arrays.stream(identities)
                .map(identity -> DiscoveredDevice.of(identity, Map.of("ID", identity)))
                .toList();
    }

    /// @return whether all of the script has been played
    public boolean hasNothingToSay() {
        return acts.isEmpty();
    }

    /// @return the details of each run so far
    public List<String> runs() {
        return List.copyOf(runs);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean isShared() {
        return isShared;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        if (input.details().startsWith("bad")) {
            throw new InvalidDetails("discoveryDetails.bad: is bad (expected: good)");
        }
        return sink -> {
            runs.add(input.details());
            while (true) {
                switch (acts.take()) {
                    case Act.See(var sighting) -> sink.report(sighting);
                    case Act.Fail(var message) -> throw new IOException(message);
                }
            }
        };
    }
}
