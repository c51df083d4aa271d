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
/// @param common those that serve several devices and are to be counted once
/// @param faults by device, or for all under the empty name: why the template can't be filled in
/// @param lookAgain when time alone changes the answer
public record WorkloadPlan(
        List<Wanted> wanted,
        List<Removal> removals,
        Map<String, DeviceBrokers> brokers,
        Optional<DeviceBrokers> common,
        Map<String, String> faults,
        Optional<Instant> lookAgain) {

    public WorkloadPlan {
        wanted = List.copyOf(wanted);
        removals = List.copyOf(removals);
        brokers = Map.copyOf(brokers);
        faults = Map.copyOf(faults);
    }

    /// The brokers of one device.
    ///
    /// @param names of the Pods, Jobs or other objects, ordered
    /// @param open how many more there should be but can't be made now
    /// @param awaits what those wait for
    /// @param spares how many of them wait for a slot that another one holds
    /// @param selector the labels of the Pods that serve the device; those of the device itself if empty
    public record DeviceBrokers(List<String> names, int open, Wait awaits, int spares, Map<String, String> selector) {
        public DeviceBrokers {
            names = List.copyOf(names);
            selector = Map.copyOf(selector);
        }

        public DeviceBrokers(List<String> names, int open, Wait awaits) {
            this(names, open, awaits, 0, Map.of());
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
        /// Others have taken all slots.
        SLOT,
        /// No node that sees the device can take it.
        NODE
    }
}
