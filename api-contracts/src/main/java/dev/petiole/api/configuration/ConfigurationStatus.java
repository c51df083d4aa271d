package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the nodes make of a Configuration.
///
/// @param nodes one entry per node that was asked to look, ordered by name
/// @param devices how many devices are known, by presence
/// @param mirrorFault null unless it was made over REST and can't be shown in the cluster: then nothing is made of its
///     devices there
/// @param recovery null unless the registry is being rebuilt and has yet to hear of devices or holders of slots
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigurationStatus(
        List<NodeDiscovery> nodes,
        DeviceCounts devices,
        @Nullable MirrorFault mirrorFault,
        @Nullable Recovery recovery) {

    public ConfigurationStatus {
        nodes = List.copyOf(nodes);
    }

    public ConfigurationStatus(List<NodeDiscovery> nodes, DeviceCounts devices) {
        this(nodes, devices, null, null);
    }

    /// Why there is no object in the cluster that shows the Configuration.
    ///
    /// @param reason CamelCase and of few values, for programs: `NamespaceNotFound`
    /// @param message a sentence for people, with the remedy
    public record MirrorFault(
            @NotBlank @Size(max = 64) String reason,
            @NotBlank @Size(max = 1024) String message) {}

    /// The registry's database is new (or an old one restored), while the Configuration's devices were exposed
    /// before. Until all of these nodes have said what they see and which slots they use, that the registry
    /// does not know of a device, a node or a holder means nothing, and whoever acts on its word deletes nothing.
    ///
    /// @param awaitedNodes ordered by name; empty while it is not known yet which they are
    public record Recovery(List<String> awaitedNodes) {
        public Recovery {
            awaitedNodes = List.copyOf(awaitedNodes);
        }
    }

    /// How discovery fares on one node for the generation it last reported.
    ///
    /// @param reason CamelCase and of few values, for programs; see [DiscoveryReason]
    /// @param message a sentence for people, with the remedy where there is one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NodeDiscovery(
            String node,
            DiscoveryState state,
            @Nullable String reason,
            @Nullable String message,
            long generation,
            int devices) {}

    /// The phases of discovery for one Configuration on one node.
    public enum DiscoveryState {
        /// The handler runs and its list counts.
        @JsonProperty("Running")
        RUNNING,
        /// The handler runs, but part of what it was asked for does not answer.
        @JsonProperty("Degraded")
        DEGRADED,
        /// Something is missing that may still come, such as the handler itself.
        @JsonProperty("Waiting")
        WAITING,
        /// It can't run as it is written.
        @JsonProperty("Failed")
        FAILED
    }

    /// Devices by presence.
    public record DeviceCounts(int online, int missing, int unknown, int offline) {
        public static final DeviceCounts NONE = new DeviceCounts(0, 0, 0, 0);
    }
}
