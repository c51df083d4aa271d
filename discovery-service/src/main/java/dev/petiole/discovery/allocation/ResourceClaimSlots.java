package dev.petiole.discovery.allocation;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/// The slots of this node's ResourceClaims: claimed before they are prepared, and held until they are ended.
/// Thread-safe.
@Component
public final class ResourceClaimSlots {

    private final Claims claims;
    private final RegistryClaims registry;

    ResourceClaimSlots(Claims claims, RegistryClaims registry) {
        this.claims = claims;
        this.registry = registry;
    }

    /// Claims all these slots, or nothing at all. A slot that is held by the same key is granted again.
    ///
    /// @throws AllocationRefused if any of them can't be had; none is held then that was not held before
    public void claim(List<Claim> wanted) {
        List<Claim.Key> isNew = new ArrayList<>();
        try {
            for (Claim claim : wanted) {
                if (!claims.contains(claim.key())) {
                    isNew.add(claim.key());
                }
                registry.claim(claim.key(), () -> claims.grant(claim));
            }
        } catch (RuntimeException e) {
            claims.end(isNew);
            throw e;
        }
    }

    /// Holds slots that are in use already, whoever else holds them.
    public void takeBack(List<Claim> used) {
        used.forEach(claims::grant);
    }

    public boolean holdsAll(List<Claim.Key> keys) {
        return keys.stream().allMatch(claims::contains);
    }

    /// Ends claims, held or not. The registry hears of it with the next usage report.
    public void end(List<Claim.Key> keys) {
        claims.end(keys);
    }

    /// @return all that are held, those of which nobody remembers the ResourceClaim included
    public List<Claim> list() {
        return claims.list().stream()
                .filter(claim -> claim.key().isOfResourceClaim())
                .toList();
    }
}
