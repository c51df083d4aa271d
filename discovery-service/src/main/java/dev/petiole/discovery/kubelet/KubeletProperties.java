package dev.petiole.discovery.kubelet;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the kubelet is.
///
/// @param devicePlugins its directory of device plugin sockets
/// @param podResources its pod-resources socket
@ConfigurationProperties("petiole.kubelet")
public record KubeletProperties(
        @DefaultValue("/var/lib/kubelet/device-plugins") Path devicePlugins,

        @DefaultValue("/var/lib/kubelet/pod-resources/kubelet.sock")
        Path podResources) {}
