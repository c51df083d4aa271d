package dev.petiole.registry.timer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param maxPause a longer pause of the registry as a whole, all its replicas (a restart, a suspended machine, a
/// stalled
///     disk), counts as its absence
@ConfigurationProperties("petiole.timer")
record TimerProperties(@DefaultValue("5s") Duration maxPause) {}
