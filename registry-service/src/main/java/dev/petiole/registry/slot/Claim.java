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
/// @param asked what its node had reported when it last asked for it
record Claim(Key key, int slot, User user, Instant since, Instant grantedAt, Asked asked) {

    /// What tells claims apart. The kubelet's ids mean nothing outside the node and the resource.
    record Key(DeviceKey device, String node, String resource, String kubeletDeviceId) {

        /// @return whether it may come to stand for another Pod: the kubelet gives the ids of an extended
        ///     resource to one Pod after the other, while the id of a ResourceClaim (whose resource is the
        ///     driver's bare name) is that claim's for good
        boolean isHandedOn() {
            return resource.contains("/");
        }
    }

    /// The user of a slot, as far as the kubelet has told.
    record User(
            @Nullable String namespace,
            @Nullable String pod,
            @Nullable String container) {

        static final User UNTOLD = new User(null, null, null);
    }

    /// The point in a node's usage reports at which a claim was asked for.
    ///
    /// @param usageSequence the newest report of the session that was written before
    record Asked(String session, long usageSequence) {

        /// Nobody asked: a report told of it.
        static final Asked NEVER = new Asked("", 0);

        /// Another manager had granted it before the registry knew of it, and its node has yet to confirm it.
        static final Asked BEFORE = new Asked("before", 0);

        /// @return whether this report was written when the claim was known to its node, so that it is free if the
        ///     report lacks it
        boolean isBefore(String reportSession, long reportSequence) {
            return !session.equals(reportSession) || usageSequence < reportSequence;
        }
    }

    static Claim of(Key key, int slot, User user, Instant now, Asked asked) {
        return new Claim(key, slot, user, now, now, asked);
    }

    Claim usedBy(User newUser) {
        return new Claim(key, slot, newUser, since, grantedAt, asked);
    }

    Claim grantedAgain(Instant now, Asked again) {
        return new Claim(key, slot, user, since, now, again);
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
