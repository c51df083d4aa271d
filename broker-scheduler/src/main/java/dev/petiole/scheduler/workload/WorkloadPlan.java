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
        List<Wanted> wanted,
        List<Removal> removals,
        Map<String, DeviceBrokers> brokers,
        Optional<Instant> lookAgain) {

    public WorkloadPlan {
        wanted = List.copyOf(wanted);
        removals = List.copyOf(removals);
        brokers = Map.copyOf(brokers);
    }

    /// The brokers of one device.
    ///
    /// @param names of the Pods or Jobs, ordered
    /// @param open how many more there should be but no node can take now
    public record DeviceBrokers(List<String> names, int open) {
        public DeviceBrokers {
            names = List.copyOf(names);
        }
    }
}
