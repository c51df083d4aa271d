package dev.petiole.api.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Map;

/// What the broker-scheduler knows of the cluster, in full: a node that is not listed does not exist.
///
/// @param clusterUid the UID of the namespace `kube-system`; a registry serves one cluster and refuses another
/// @param nodes by name
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterFacts(
        @NotBlank String clusterUid, @NotNull Map<String, Node.NodeFacts> nodes) {
    public ClusterFacts {
        nodes = Map.copyOf(nodes);
    }
}
