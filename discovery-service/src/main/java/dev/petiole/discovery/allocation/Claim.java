package dev.petiole.discovery.allocation;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.discovery.inventory.PoolNames;
import org.jspecify.annotations.Nullable;

/// A slot that is held on this node.
///
/// @param holder null until the kubelet has told
public record Claim(Key key, @Nullable Holder holder) {

    /// What makes a claim that claim. The id is the kubelet's own token.
    public record Key(DeviceRef device, String resource, String kubeletDeviceId) {

        /// @return whether it is held by a ResourceClaim rather than by an id of the device plugin API
        public boolean isOfResourceClaim() {
            return resource.equals(PoolNames.DRIVER);
        }
    }

    /// The container that uses the slot; empty if a Pod shares it among its containers.
    public record Holder(String namespace, String pod, String container) {}

    UsageReport.Use toUse() {
        return new UsageReport.Use(
                key.device(),
                key.resource(),
                key.kubeletDeviceId(),
                holder == null ? null : holder.namespace(),
                holder == null ? null : holder.pod(),
                holder == null || holder.container().isEmpty() ? null : holder.container());
    }
}
