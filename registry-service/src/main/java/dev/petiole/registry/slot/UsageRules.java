package dev.petiole.registry.slot;

import dev.petiole.api.agent.UsageReport;
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
    /// @param recalled a claim that was recalled later than this may not have come to the node's knowledge yet
    static Decision decide(String node, List<Claim> recorded, UsageReport report, Instant recalled) {
        Map<Key, User> stated = new LinkedHashMap<>();
        for (Use use : report.uses()) {
            stated.putIfAbsent(key(node, use), new User(use.namespace(), use.pod(), use.container()));
        }
        Set<Key> pending = new HashSet<>();
        report.pending().forEach(use -> pending.add(key(node, use)));
        List<Key> released = new ArrayList<>();
        List<Claim> renamed = new ArrayList<>();
        Set<Key> known = new HashSet<>();
        for (Claim claim : recorded) {
            known.add(claim.key());
            User user = stated.get(claim.key());
            if (user == null) {
                boolean isMissed = claim.asked().isBefore(report.session(), report.sequence());
                boolean isRecalled = claim.asked().equals(Claim.Asked.BEFORE)
                        && claim.grantedAt().isAfter(recalled);
                if (isMissed && !isRecalled && !pending.contains(claim.key())) {
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

    private static Key key(String node, Use use) {
        return new Key(DeviceKey.of(use.device()), node, use.resource(), use.kubeletDeviceId());
    }
}
