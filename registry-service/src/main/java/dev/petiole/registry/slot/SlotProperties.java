package dev.petiole.registry.slot;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param settleTime a usage report can't release a claim that was granted less than this ago: the report may have
///     been under way already
@ConfigurationProperties("petiole.slot")
record SlotProperties(@DefaultValue("5s") Duration settleTime) {}
