package dev.petiole.scheduler.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Decides which nodes get the brokers of one device: as many as it has slots, at most one a node. A broker stays where
/// it is as long as its node may have the device; a new one goes to a node that can use the device now.
public final class Placement {

    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparingInt(Candidate::failures)
            .thenComparing(Comparator.comparing(Candidate::holdsSlot).reversed())
            .thenComparingInt(Candidate::load)
            .thenComparing(Candidate::node);
    private static final Comparator<Broker> BEST_TO_KEEP_FIRST = Comparator.comparing(Broker::isEnding)
            .thenComparing(Comparator.comparing(Broker::isReady).reversed())
            .thenComparing(Broker::since)
            .thenComparing(Broker::node);

    private Placement() {}

    /// A node that has, or may still have, the device.
    ///
    /// @param isOnline whether the device is online here; elsewhere brokers stay, but none is missed
    /// @param isUsable whether a new broker may be placed here now
    /// @param isHeldBack whether a new broker must wait, since the last one here failed a short time ago
    /// @param holdsSlot whether the node still holds a slot, say of a broker that just went: there the next
    ///     broker gets it at once, elsewhere only once it is proved free
    /// @param load how many brokers the node already has
    /// @param canGetSlot whether a slot can be had here now: one is free, or held here
    /// @param failures how many brokers of the device failed here in a row
    public record Candidate(
            String node,
            boolean isOnline,
            boolean isUsable,
            boolean isHeldBack,
            boolean holdsSlot,
            boolean canGetSlot,
            int load,
            int failures) {}

    /// A broker that there is.
    ///
    /// @param isEnding whether it is being deleted
    /// @param isReady whether it serves
    /// @param since when it was made
    public record Broker(String node, boolean isEnding, boolean isReady, Instant since) {}

    /// Where brokers go.
    ///
    /// @param kept nodes whose broker stays, ordered
    /// @param surplus nodes whose broker must go, ordered
    /// @param added nodes that get a new broker now, ordered
    /// @param open how many more there should be but can't be placed now
    public record Places(List<String> kept, List<String> surplus, List<String> added, int open) {
        public Places {
            kept = kept.stream().sorted().toList();
            surplus = surplus.stream().sorted().toList();
            added = added.stream().sorted().toList();
        }
    }

    /// @param capacity the device's slots
    public static Places decide(int capacity, List<Candidate> candidates, List<Broker> brokers) {
        Set<String> nodes = new HashSet<>();
        candidates.forEach(candidate -> nodes.add(candidate.node()));
        int limit = Math.min(capacity, candidates.size());

        List<String> kept = new ArrayList<>();
        List<String> surplus = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        // One that is ending still holds its slot, on whatever node.
        int held = 0;
        for (Broker broker : brokers.stream().sorted(BEST_TO_KEEP_FIRST).toList()) {
            boolean mayStay = nodes.contains(broker.node()) && kept.size() < limit;
            if (mayStay && !broker.isEnding()) {
                kept.add(broker.node());
            } else if (!broker.isEnding()) {
                surplus.add(broker.node());
            }
            taken.add(broker.node());
            held++;
        }

        int wanted = Math.max(0, limit - kept.size());
        int free = Math.max(0, capacity - held);
        List<String> added = possible(candidates, taken).stream()
                .filter(candidate -> !candidate.isHeldBack())
                .sorted(BEST_FIRST)
                .limit(Math.min(wanted, free))
                .map(Candidate::node)
                .toList();
        long missed = candidates.stream()
                .filter(candidate ->
                        candidate.isOnline() && !kept.contains(candidate.node()) && !added.contains(candidate.node()))
                .count();
        return new Places(kept, surplus, added, (int) Math.min(wanted - added.size(), missed));
    }

    /// Where a slot can be had, a broker may have to wait a moment; elsewhere it would wait until that slot is proved
    /// free.
    private static List<Candidate> possible(List<Candidate> candidates, Set<String> taken) {
        List<Candidate> usable = candidates.stream()
                .filter(candidate -> candidate.isUsable() && !taken.contains(candidate.node()))
                .toList();
        List<Candidate> served = usable.stream().filter(Candidate::canGetSlot).toList();
        return served.isEmpty() ? usable : served;
    }
}
