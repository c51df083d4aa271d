package dev.petiole.discovery.kubelet.deviceplugin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param withdrawAfter how long a resource stays registered, with nothing to give, after its devices are gone: one
///     that returns meanwhile is offered again at once, without another registration
/// @param maxDeviceResources how many devices may have a resource of their own on this node; the rest can be had by
/// their
///     Configuration's resource alone. Each resource costs the kubelet a connection, and is in each of the Node's
/// updates
@ConfigurationProperties("petiole.device-plugin")
record DevicePluginProperties(
        @DefaultValue("60s") Duration withdrawAfter,
        @DefaultValue("500") int maxDeviceResources) {}
