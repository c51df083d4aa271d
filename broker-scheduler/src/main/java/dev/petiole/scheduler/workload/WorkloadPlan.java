package dev.petiole.scheduler.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What there should be, and what should go.
///
/// @param wanted in the order in which it should be made
/// @param removals what there is and should not be
/// @param brokers by device: its brokers, those that there are and those that are wanted
/// @param lookAgain when time alone changes the answer
public record WorkloadPlan(
        List<Wanted> wanted, List<Removal> removals, Map<String, DeviceBrokers> brokers, Optional<Instant> lookAgain) {

    public WorkloadPlan {
        wanted = List.copyOf(wanted);
        removals = List.copyOf(removals);
        brokers = Map.copyOf(brokers);
    }

    /// The brokers of one device.
    ///
    /// @param names of the Pods or Jobs, ordered
    /// @param open how many more there should be but can't be made now
    /// @param awaits what those wait for
    /// @param spares how many of them wait for a slot that another one holds
    public record DeviceBrokers(List<String> names, int open, Wait awaits, int spares) {
        public DeviceBrokers {
            names = List.copyOf(names);
        }

        public DeviceBrokers(List<String> names, int open, Wait awaits) {
            this(names, open, awaits, 0);
        }

        static DeviceBrokers of(List<String> names) {
            return new DeviceBrokers(names, 0, Wait.NOTHING);
        }

        /// @return whether there is a broker, or will be as soon as its predecessor has ended
        boolean isServed() {
            return !names.isEmpty() || (open > 0 && awaits == Wait.PREDECESSOR);
        }
    }

    /// What a broker waits for that should be and is not.
    public enum Wait {
        NOTHING,
        /// One that ends still holds the slot.
        PREDECESSOR,
        /// The last one failed a short time ago.
        PAUSE,
        /// No node that sees the device can take it.
        NODE
    }
}
