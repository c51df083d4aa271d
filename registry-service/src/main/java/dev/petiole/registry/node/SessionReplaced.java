package dev.petiole.registry.node;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// The sender's session is not, or no longer, the node's session.
public final class SessionReplaced extends Refusal {

    private static final long serialVersionUID = 1L;

    SessionReplaced(String node) {
        super(
                ProblemType.SESSION_REPLACED,
                "Another discovery service speaks for node " + node
                        + " now, or the registry lost its memory: stop, or begin a new session and say everything again.");
    }
}
