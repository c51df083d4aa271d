package dev.petiole.scheduler.workload;

import java.time.Instant;
import java.util.Map;

/// How brokers that failed are to be treated, by Pod name.
///
/// @param failures how many failed in a row
/// @param notBefore until when a new one must wait
/// @param causes with what the last one failed
public record Retries(Map<String, Integer> failures, Map<String, Instant> notBefore, Map<String, Cause> causes) {

    /// Nothing has failed.
    public static final Retries NONE = new Retries(Map.of(), Map.of(), Map.of());

    public Retries {
        failures = Map.copyOf(failures);
        notBefore = Map.copyOf(notBefore);
        causes = Map.copyOf(causes);
    }

    /// What may be the cause of a failure. If it has changed, there is no reason to wait.
    ///
    /// @param templateHash of the template from which the broker was made
    /// @param at when it was seen to have failed
    public record Cause(String templateHash, Instant at) {}

    int failures(String pod) {
        return failures.getOrDefault(pod, 0);
    }

    /// @param templateHash of the template from which the next one would be made
    /// @param deviceSince since when the device is as it is
    boolean isHeldBack(String pod, String templateHash, Instant deviceSince, Instant now) {
        Cause cause = causes.get(pod);
        boolean isCauseGone =
                cause != null && (!cause.templateHash().equals(templateHash) || deviceSince.isAfter(cause.at()));
        return !isCauseGone && now.isBefore(notBefore.getOrDefault(pod, Instant.MIN));
    }
}
