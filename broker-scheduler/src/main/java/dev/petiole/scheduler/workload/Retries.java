package dev.petiole.scheduler.workload;

import java.time.Instant;
import java.util.Map;

/// How brokers that failed are to be treated, by Pod name.
///
/// @param failures how many failed in a row
/// @param notBefore until when a new one must wait
public record Retries(Map<String, Integer> failures, Map<String, Instant> notBefore) {

    /// Nothing has failed.
    public static final Retries NONE = new Retries(Map.of(), Map.of());

    public Retries {
        failures = Map.copyOf(failures);
        notBefore = Map.copyOf(notBefore);
    }

    int failures(String pod) {
        return failures.getOrDefault(pod, 0);
    }

    boolean isHeldBack(String pod, Instant now) {
        return now.isBefore(notBefore.getOrDefault(pod, Instant.MIN));
    }
}
