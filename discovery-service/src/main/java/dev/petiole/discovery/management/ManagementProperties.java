package dev.petiole.discovery.management;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param port where probes and metrics are served; 0 for any free one
@ConfigurationProperties("petiole.management")
record ManagementProperties(@DefaultValue("8081") int port) {}
