package dev.petiole.registry.device;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param retention how long the record of an offline device is kept
@ConfigurationProperties("petiole.device")
record DeviceProperties(@DefaultValue("1h") Duration retention) {}
