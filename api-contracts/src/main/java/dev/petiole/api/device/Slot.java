package dev.petiole.api.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A claimed slot of a device and its holder.
///
/// @param index 0 to capacity - 1, for display
/// @param node the node that holds it
/// @param resource the kubelet's extended resource by which it was allocated
/// @param kubeletDeviceId the kubelet's own token; means nothing outside `node` and `resource`
/// @param namespace of the Pod that uses it; null until the kubelet tells
/// @param pod null until the kubelet tells
/// @param container null until the kubelet tells
/// @param since when it was granted
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Slot(
        int index,
        String node,
        String resource,
        String kubeletDeviceId,
        @Nullable String namespace,
        @Nullable String pod,
        @Nullable String container,
        Instant since) {}
