package dev.petiole.registry.slot;

import dev.petiole.registry.problem.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// What is measured of claims: how many, by what became of them.
@Component
final class ClaimMeters {

    private static final String GRANTED = "granted";

    private final MeterRegistry registry;

    ClaimMeters(MeterRegistry registry) {
        this.registry = registry;
        claims(GRANTED);
    }

    /// @param claim answers with a grant, or throws why there is none
    <R> R measured(Supplier<R> claim) {
        try {
            R grant = claim.get();
            claims(GRANTED).increment();
            return grant;
        } catch (Refusal refusal) {
            claims(refusal.type().slug()).increment();
            throw refusal;
        }
    }

    private Counter claims(String outcome) {
        return Counter.builder("petiole.registry.claims")
                .description("Claims of a slot, by outcome: granted, or the problem")
                .tag("outcome", outcome)
                .register(registry);
    }
}
