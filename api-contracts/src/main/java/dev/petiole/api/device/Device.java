package dev.petiole.api.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.watch.Tagged;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The registry's record of one leaf device found for one Configuration.
///
/// @param name `<configuration>-<hash>`; unique in the Configuration's group and namespace, and the Instance's name
/// @param configurationUid the UID of the Configuration it was found for
/// @param identity what the handler calls it; stable as long as the protocol allows
/// @param shared whether several nodes can reach it
/// @param capacity how many slots it has
/// @param labels those of its Configuration
/// @param properties as reported by the node that reported it first, until that node loses it
/// @param decision who admitted or ignored it; null while it is pending, and where new devices are admitted at once
/// @param presence Online if any node has it Online, else Missing, else Unknown, else Offline
/// @param presenceSince when `presence` last changed
/// @param nodes one entry per node that has reported it, ordered by name; empty once it is Offline everywhere
/// @param slots one entry per claimed slot, ordered by index
/// @param resourceVersion opaque; changes with every change of this record
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Device(
        String name,
        ConfigurationKey configuration,
        String configurationUid,
        String handler,
        String identity,
        boolean shared,
        int capacity,
        Map<String, String> labels,
        Map<String, String> properties,
        Admission admission,
        @Nullable Decision decision,
        Presence presence,
        Instant presenceSince,
        List<NodePresence> nodes,
        List<Slot> slots,
        String resourceVersion)
        implements Tagged {

    public Device {
        labels = Map.copyOf(labels);
        properties = Map.copyOf(properties);
        nodes = List.copyOf(nodes);
        slots = List.copyOf(slots);
    }

    /// One without labels, about which nobody had to decide.
    public Device(
            String name,
            ConfigurationKey configuration,
            String configurationUid,
            String handler,
            String identity,
            boolean shared,
            int capacity,
            Map<String, String> properties,
            Admission admission,
            Presence presence,
            Instant presenceSince,
            List<NodePresence> nodes,
            List<Slot> slots,
            String resourceVersion) {
        this(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                capacity,
                Map.of(),
                properties,
                admission,
                null,
                presence,
                presenceSince,
                nodes,
                slots,
                resourceVersion);
    }

    /// Whether an operator lets the device be used.
    public enum Admission {
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Approved")
        APPROVED,
        @JsonProperty("Ignored")
        IGNORED
    }

    /// Why a device is approved or ignored.
    ///
    /// @param by a person's or service's name, or `rule <name>`
    /// @param why as given with the decision; null if nothing was
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Decision(String by, Instant at, @Nullable String why) {}

    /// Whether the device can be reached.
    public enum Presence {
        /// A node sees it.
        @JsonProperty("Online")
        ONLINE,
        /// Its handler no longer lists it, and the grace period runs: users stay, nothing new is granted.
        @JsonProperty("Missing")
        MISSING,
        /// The nodes that saw it are silent: users stay, nothing new is granted.
        @JsonProperty("Unknown")
        UNKNOWN,
        /// It was missing for longer than the grace period.
        @JsonProperty("Offline")
        OFFLINE
    }

    /// What one node says of the device.
    public record NodePresence(String node, Presence presence, Instant since) {}
}
