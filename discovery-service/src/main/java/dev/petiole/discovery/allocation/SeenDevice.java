package dev.petiole.discovery.allocation;

import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.Map;

/// A device that this node sees, on its way to a container.
///
/// @param hash tells it from others of its Configuration
/// @param brokerProperties win over the device's own
record SeenDevice(String hash, DiscoveredDevice device, Map<String, String> brokerProperties) {}
