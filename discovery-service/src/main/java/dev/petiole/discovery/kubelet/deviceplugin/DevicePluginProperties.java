package dev.petiole.discovery.kubelet.deviceplugin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param withdrawAfter how long a resource stays registered, with nothing to give, after its devices are gone: one
///     that returns meanwhile is offered again at once, without another registration
@ConfigurationProperties("petiole.device-plugin")
record DevicePluginProperties(@DefaultValue("60s") Duration withdrawAfter) {}
