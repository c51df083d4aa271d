package dev.petiole.registry.slot;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The holders of one device's slots, and the rule by which the next is granted: never more holders than capacity, and
/// whoever holds more after all (the capacity was lowered, a node told of a use that nobody knew) keeps what it has.
record Holders(List<Claim> claims) {

    Holders {
        claims = List.copyOf(claims);
    }

    /// @return the claim that is held by this key
    Optional<Claim> find(Claim.Key key) {
        return claims.stream().filter(claim -> claim.key().equals(key)).findFirst();
    }

    /// @return the slot to grant next; empty if as many are held as there are
    OptionalInt findFree(int capacity) {
        if (claims.size() >= capacity) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(lowestUnused());
    }

    /// @param held one of these claims, for whose key is asked once more
    boolean mayBeGrantedAgain(Claim held, int capacity) {
        return claims.size() <= capacity || !held.key().isHandedOn();
    }

    boolean isUnused(int slot) {
        return claims.stream().noneMatch(claim -> claim.slot() == slot);
    }

    /// @return a slot for a use that is a fact, whether it should be or not
    int lowestUnused() {
        var used = new BitSet();
        claims.forEach(claim -> used.set(claim.slot()));
        return used.nextClearBit(0);
    }
}
