package dev.petiole.api.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petiole.api.watch.Tagged;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cluster node as the registry knows it.
///
/// @param facts what Kubernetes says of it; null until the broker-scheduler has told
/// @param lease whether its discovery service is alive
/// @param handlers the discovery handlers it offers, ordered by name
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Node(
        String name, @Nullable NodeFacts facts, LeaseState lease, List<OfferedHandler> handlers, String resourceVersion)
        implements Tagged {

    public Node {
        handlers = List.copyOf(handlers);
    }

    /// The state of a node's lease.
    public enum LeaseState {
        /// No discovery service has ever reported from it.
        @JsonProperty("None")
        NONE,
        @JsonProperty("Active")
        ACTIVE,
        @JsonProperty("Expired")
        EXPIRED
    }

    /// A discovery handler on a node.
    ///
    /// @param shared whether the devices it finds can be reached from several nodes
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OfferedHandler(String name, boolean shared) {}

    /// What Kubernetes says of a node.
    ///
    /// @param bootId changes when the machine boots
    /// @param outOfService whether it bears the taint `node.kubernetes.io/out-of-service`
    /// @param offersDevices whether its kubelet offers devices of ours, so that slots may be held there
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodeFacts(
            String uid,
            String bootId,
            Map<String, String> labels,
            boolean ready,
            boolean outOfService,
            boolean offersDevices) {
        public NodeFacts {
            labels = Map.copyOf(labels);
        }

        /// Of a node whose kubelet offers no devices of ours.
        public NodeFacts(String uid, String bootId, Map<String, String> labels, boolean ready, boolean outOfService) {
            this(uid, bootId, labels, ready, outOfService, false);
        }
    }
}
