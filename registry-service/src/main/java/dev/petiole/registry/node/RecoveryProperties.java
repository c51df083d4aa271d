package dev.petiole.registry.node;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled whether a new database may be one that a cluster has lost; only a broker-scheduler can tell
///     which nodes then have to be heard, so without one nothing is recovered
@ConfigurationProperties("petiole.recovery")
record RecoveryProperties(@DefaultValue("false") boolean enabled) {}
