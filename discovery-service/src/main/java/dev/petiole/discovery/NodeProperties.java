package dev.petiole.discovery;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The node this service speaks for.
///
/// @param nodeName its name in Kubernetes
/// @param dataDir a directory of the node that survives this process; holds no secrets
@ConfigurationProperties("petiole")
public record NodeProperties(
        @DefaultValue("") String nodeName,
        @DefaultValue("/var/lib/petiole") Path dataDir) {

    public NodeProperties {
        if (nodeName.isBlank()) {
            throw new IllegalArgumentException(
                    "petiole.node-name: empty (expected: this node's name; set the environment variable NODE_NAME)");
        }
    }
}
