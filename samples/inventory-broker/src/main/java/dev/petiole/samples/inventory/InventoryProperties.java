package dev.petiole.samples.inventory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the broker reads its scale.
///
/// @param scaleUrl the scale's OPC UA discovery URL; if empty, the environment variables Petiole sets are searched for
/// it
/// @param readPeriod time between two readings
/// @param timeout how long the scale may take to answer
/// @param freshness the age at which a reading no longer counts
@ConfigurationProperties("inventory")
record InventoryProperties(
        @DefaultValue("") String scaleUrl,
        @DefaultValue("1s") Duration readPeriod,
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("10s") Duration freshness) {}
