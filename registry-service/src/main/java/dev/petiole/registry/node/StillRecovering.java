package dev.petiole.registry.node;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;
import java.util.List;

/// The registry was rebuilt and does not know yet who holds slots.
public final class StillRecovering extends Refusal {

    private static final long serialVersionUID = 1L;

    StillRecovering(List<String> awaited) {
        super(
                ProblemType.RECOVERING,
                "The registry has a new database and grants nothing before it knows which slots are in use: "
                        + (awaited.isEmpty()
                                ? "the broker-scheduler has yet to tell of the nodes."
                                : "it waits for the discovery services of " + String.join(", ", awaited)
                                        + ". A node that is gone for good must be deleted or marked out-of-service."));
    }
}
