package dev.petiole.registry.slot;

import dev.petiole.api.agent.UsageReport.Use;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.slot.Claim.Key;
import dev.petiole.registry.slot.Claim.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a node's report of its uses means for the claims that the registry has recorded for it.
final class UsageRules {

    private UsageRules() {}

    /// @param released proved free
    /// @param renamed held, and the kubelet has told more of the user
    /// @param unknown in use, but not recorded
    record Decision(List<Key> released, List<Claim> renamed, Map<Key, User> unknown) {}

    /// @param recorded the node's claims
    /// @param settled claims granted later than this are not released: the report may be older than they are
    static Decision decide(String node, List<Claim> recorded, List<Use> uses, Instant settled) {
        Map<Key, User> stated = new LinkedHashMap<>();
        for (Use use : uses) {
            var key = new Key(DeviceKey.of(use.device()), node, use.resource(), use.kubeletDeviceId());
            stated.putIfAbsent(key, new User(use.namespace(), use.pod(), use.container()));
        }
        List<Key> released = new ArrayList<>();
        List<Claim> renamed = new ArrayList<>();
        Set<Key> known = new HashSet<>();
        for (Claim claim : recorded) {
            known.add(claim.key());
            User user = stated.get(claim.key());
            if (user == null) {
                if (!claim.grantedAt().isAfter(settled)) {
                    released.add(claim.key());
                }
            } else if (!user.equals(claim.user()) && !user.equals(User.UNTOLD)) {
                renamed.add(claim.usedBy(user));
            }
        }
        Map<Key, User> unknown = new LinkedHashMap<>(stated);
        unknown.keySet().removeAll(known);
        return new Decision(released, renamed, unknown);
    }
}
