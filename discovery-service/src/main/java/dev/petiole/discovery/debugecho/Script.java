package dev.petiole.discovery.debugecho;

import dev.petiole.discovery.handler.DiscoveredDevice;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What the devices of one Configuration are to do.
///
/// @param nodes which nodes see them; all if empty
/// @param flap how long they are there, and then away, in turns; zero for devices that stay
/// @param slow how long the first list takes
/// @param failAfter when each run fails; zero for never
record Script(List<DiscoveredDevice> devices, Set<String> nodes, Duration flap, Duration slow, Duration failAfter) {

    private static final long FOR_EVER = Duration.ofDays(365).toNanos();

    Script {
        devices = List.copyOf(devices);
        nodes = Set.copyOf(nodes);
    }

    boolean isFor(String node) {
        return nodes.isEmpty() || nodes.contains(node);
    }

    /// @param passed nanoseconds since the run began
    boolean isAway(long passed) {
        return flap.isPositive() && Math.max(0, passed - slow.toNanos()) / flap.toNanos() % 2 == 1;
    }

    boolean isToFail(long passed) {
        return failAfter.isPositive() && passed >= failAfter.toNanos();
    }

    /// @return nanoseconds until something is to happen
    long untilNext(long passed) {
        long untilFlip =
                flap.isPositive() ? flap.toNanos() - Math.max(0, passed - slow.toNanos()) % flap.toNanos() : FOR_EVER;
        long untilFailure = failAfter.isPositive() ? Math.max(1, failAfter.toNanos() - passed) : FOR_EVER;
        return Math.min(untilFlip, untilFailure);
    }
}
