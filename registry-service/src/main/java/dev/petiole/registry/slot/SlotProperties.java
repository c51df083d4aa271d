package dev.petiole.registry.slot;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param confirmation how long a node has to tell of a claim that is held for it. A holder that was recalled is not
///     released before: its node must hear of the Configuration, find the device and ask the kubelet. After that the
///     node is asked.
@ConfigurationProperties("petiole.slot")
record SlotProperties(@DefaultValue("1m") Duration confirmation) {

    SlotProperties {
        if (!confirmation.isPositive()) {
            throw new IllegalArgumentException(
                    "petiole.slot.confirmation: " + confirmation + " (expected: a positive duration)");
        }
    }
}
