package dev.petiole.discovery.onvif;

import java.util.List;

/// What a device says of itself in WS-Discovery.
///
/// @param uuid its endpoint reference without `urn:uuid:`, in lower case; constant across its network interfaces
///     (ONVIF Core §7.3.1)
/// @param scopes as they were sent
/// @param xaddrs addresses of its device service, as they were sent
/// @param metadataVersion changes when any of these change
record Announcement(String uuid, List<String> scopes, List<String> xaddrs, String metadataVersion) {

    Announcement {
        scopes = List.copyOf(scopes);
        xaddrs = List.copyOf(xaddrs);
    }
}
