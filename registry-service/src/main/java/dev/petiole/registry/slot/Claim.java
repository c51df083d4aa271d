package dev.petiole.registry.slot;

import dev.petiole.api.device.Slot;
import dev.petiole.registry.device.DeviceKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A slot's holder.
///
/// @param slot its index; at or beyond the device's capacity for one that was re-established when no slot was free, or
///     whose device's capacity was lowered
/// @param user which Pod uses it
/// @param since when it was granted first
/// @param grantedAt when it was granted last
record Claim(Key key, int slot, User user, Instant since, Instant grantedAt) {

    /// What tells claims apart. The kubelet's ids mean nothing outside the node and the resource.
    record Key(DeviceKey device, String node, String resource, String kubeletDeviceId) {}

    /// The user of a slot, as far as the kubelet has told.
    record User(
            @Nullable String namespace,
            @Nullable String pod,
            @Nullable String container) {

        static final User UNTOLD = new User(null, null, null);
    }

    static Claim of(Key key, int slot, User user, Instant now) {
        return new Claim(key, slot, user, now, now);
    }

    Claim usedBy(User newUser) {
        return new Claim(key, slot, newUser, since, grantedAt);
    }

    Claim grantedAgain(Instant now) {
        return new Claim(key, slot, user, since, now);
    }

    Slot toApi() {
        return new Slot(
                slot,
                key.node(),
                key.resource(),
                key.kubeletDeviceId(),
                user.namespace(),
                user.pod(),
                user.container(),
                since);
    }
}
