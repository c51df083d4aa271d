package dev.petiole.discovery.onvif;

import java.util.List;

/// A message of WS-Discovery that matters to someone who looks for ONVIF devices.
sealed interface DiscoveryMessage {

    /// Answers a probe.
    ///
    /// @param relatesTo the probe's message id
    record Matches(String relatesTo, List<Announcement> announcements) implements DiscoveryMessage {
        public Matches {
            announcements = List.copyOf(announcements);
        }
    }

    /// Says that a device has come, or that what it announces has changed.
    record Hello(String messageId, Announcement announcement) implements DiscoveryMessage {}

    /// Says that a device is leaving.
    record Bye(String messageId, String uuid) implements DiscoveryMessage {}

    /// Is meant for others, such as their probes, or concerns devices of other kinds.
    record Irrelevant() implements DiscoveryMessage {}
}
