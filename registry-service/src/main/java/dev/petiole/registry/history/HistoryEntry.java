package dev.petiole.registry.history;

import dev.petiole.api.device.DeviceEvent;

/// An event and the device it happened to.
public record HistoryEntry(String group, String namespace, String device, DeviceEvent event) {}
