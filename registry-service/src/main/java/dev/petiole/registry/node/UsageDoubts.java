package dev.petiole.registry.node;

import java.time.Instant;

/// Knows where what is recorded of a node's uses has to be confirmed by the node.
public interface UsageDoubts {

    boolean isInDoubt(String node, Instant now);
}
