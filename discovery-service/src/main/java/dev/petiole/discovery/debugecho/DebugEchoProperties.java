package dev.petiole.discovery.debugecho;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Scripted devices for tests.
///
/// @param enabled whether the handler is offered
/// @param shared whether its devices count as reachable from several nodes
/// @param availabilityFile while it contains OFFLINE there are no devices
@ConfigurationProperties("petiole.debug-echo")
record DebugEchoProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("true") boolean shared,
        @DefaultValue("/tmp/debug-echo-availability.txt") Path availabilityFile) {}
