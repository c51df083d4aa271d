package dev.petiole.scheduler.leader;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How several schedulers agree on one that acts.
///
/// @param enabled false where there is but one, such as on a laptop
/// @param namespace of the Lease
/// @param lease name of the Lease
/// @param identity unique among the rivals; the host's name if absent
/// @param duration after which a leader that fell silent is replaced
/// @param renewEvery how often the leader renews its Lease and others look at it
@ConfigurationProperties("petiole.leader-election")
public record LeaderElectionProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("default") String namespace,
        @DefaultValue("petiole-broker-scheduler") String lease,
        @Nullable String identity,
        @DefaultValue("15s") Duration duration,
        @DefaultValue("2s") Duration renewEvery) {}
