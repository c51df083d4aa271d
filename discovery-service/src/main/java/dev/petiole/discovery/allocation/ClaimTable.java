package dev.petiole.discovery.allocation;

import dev.petiole.api.agent.DeviceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The claims of a node, and the rule by which they end: a claim is free when two of the kubelet's lists in a row, both
/// begun at least [#SETTLING] after its newest grant, lack it. The slots of ResourceClaims end only when they are
/// removed: what is prepared for a Pod is not always in those lists. Not thread-safe.
final class ClaimTable {

    /// How long after a grant a list may still lack the Pod that it was made for.
    static final Duration SETTLING = Duration.ofSeconds(10);

    private static final int ABSENCES_THAT_FREE = 2;

    private static final Comparator<Claim> ORDER = Comparator.comparing(
                    (Claim claim) -> claim.key().resource())
            .thenComparing(claim -> claim.key().kubeletDeviceId());

    private final Map<Claim.Key, State> claims = new HashMap<>();

    private static final class State {
        Instant newestGrant;
        int absences;
        Claim.@Nullable Holder holder;

        State(Instant newestGrant, Claim.@Nullable Holder holder) {
            this.newestGrant = newestGrant;
            this.holder = holder;
        }
    }

    boolean contains(Claim.Key key) {
        return claims.containsKey(key);
    }

    /// @return how many slots of the device are held here
    int count(DeviceRef device) {
        return (int) claims.keySet().stream()
                .filter(key -> key.device().equals(device))
                .count();
    }

    /// The slot was granted, for the first time or again. Whose it is now, only the kubelet's next list will tell.
    void grant(Claim.Key key, Instant now) {
        claims.put(key, new State(now, null));
    }

    /// The slot was granted for a ResourceClaim, whose Pod is known from the start.
    void grant(Claim claim, Instant now) {
        claims.put(claim.key(), new State(now, claim.holder()));
    }

    /// The claim was known before this service started.
    void restore(Claim claim, Instant now) {
        claims.put(claim.key(), new State(now, claim.holder()));
    }

    /// @return whether it was there
    boolean remove(Claim.Key key) {
        return claims.remove(key) != null;
    }

    /// Takes note of a complete list of what the kubelet has allocated.
    ///
    /// @param begun when the list was asked for
    /// @return whether a claim was added, ended or got another holder
    boolean observe(Instant begun, Map<Claim.Key, Claim.Holder> inUse) {
        boolean isChanged = false;
        for (Map.Entry<Claim.Key, Claim.Holder> used : inUse.entrySet()) {
            State state = claims.get(used.getKey());
            if (state == null) {
                state = new State(begun, null);
                claims.put(used.getKey(), state);
                isChanged = true;
            }
            state.absences = 0;
            isChanged |= !Objects.equals(state.holder, used.getValue());
            state.holder = used.getValue();
        }
        for (Iterator<Map.Entry<Claim.Key, State>> all = claims.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Claim.Key, State> claim = all.next();
            boolean isListed = !claim.getKey().isOfResourceClaim();
            if (isListed && !inUse.containsKey(claim.getKey()) && isFreeNow(claim.getValue(), begun)) {
                all.remove();
                isChanged = true;
            }
        }
        return isChanged;
    }

    private static boolean isFreeNow(State state, Instant listBegun) {
        if (listBegun.isBefore(state.newestGrant.plus(SETTLING))) {
            return false;
        }
        state.absences++;
        return state.absences >= ABSENCES_THAT_FREE;
    }

    /// @return all claims, ordered
    List<Claim> list() {
        return claims.entrySet().stream()
                .map(claim -> new Claim(claim.getKey(), claim.getValue().holder))
                .sorted(ORDER)
                .toList();
    }
}
