package dev.petiole.discovery.kubelet.dra;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How devices are handed over by Dynamic Resource Allocation.
///
/// @param enabled whether this node takes part at all
/// @param pluginsRegistry the kubelet's directory of plugin sockets
/// @param cdi the container runtime's directory of CDI files, one that does not outlive a reboot
/// @param lookEvery how often it is looked whether prepared claims are still there
/// @param kubeletsTurn how long the kubelet has to unprepare a claim that is gone, before it is done without
///     it. A claim goes with its Pod, and a Pod that is deleted by force goes before its containers end. The
///     kubelet ends those, and then unprepares; it looks for what it missed every 60 s. Only one that has lost
///     its memory says nothing at all.
@ConfigurationProperties("petiole.dra")
record DraProperties(
        @DefaultValue("false") boolean enabled,

        @DefaultValue("/var/lib/kubelet/plugins_registry") Path pluginsRegistry,

        @DefaultValue("/var/run/cdi") Path cdi,
        @DefaultValue("60s") Duration lookEvery,
        @DefaultValue("150s") Duration kubeletsTurn) {}
