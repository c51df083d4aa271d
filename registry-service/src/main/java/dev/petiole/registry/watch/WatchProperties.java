package dev.petiole.registry.watch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param heartbeat how long a stream is silent at most
/// @param bookmark how often a watcher for whom nothing has changed is told how far the log is
/// @param maxWatchers how many streams may be open at a time
@ConfigurationProperties("petiole.watch")
record WatchProperties(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("60s") Duration bookmark,
        @DefaultValue("2000") int maxWatchers) {}
