package dev.petiole.discovery.allocation;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.Inventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The slots of this node's ResourceClaims: claimed before they are prepared, and held until they are ended.
/// Thread-safe.
@Component
public final class ResourceClaimSlots {

    private final Inventory inventory;
    private final Claims claims;
    private final RegistryClaims registry;

    ResourceClaimSlots(Inventory inventory, Claims claims, RegistryClaims registry) {
        this.inventory = inventory;
        this.claims = claims;
        this.registry = registry;
    }

    /// Claims all these slots, or nothing at all. A slot that is held by the same key is granted again.
    ///
    /// @throws AllocationRefused if any of them can't be had; none is held then that was not held before
    public void claim(List<Claim> wanted) {
        Map<DeviceRef, ExposedDevice> local = inventory.exposed(Exposure.RESOURCE_CLAIM).stream()
                .filter(ExposedDevice::isLocal)
                .collect(Collectors.toMap(ExposedDevice::ref, Function.identity()));
        List<Claim.Key> isNew = new ArrayList<>();
        try {
            for (Claim claim : wanted) {
                if (!claims.contains(claim.key())) {
                    isNew.add(claim.key());
                }
                claim(claim, local.get(claim.key().device()));
            }
        } catch (RuntimeException e) {
            claims.end(isNew);
            throw e;
        }
    }

    /// @param local the claim's device, if this node grants slots of it without the registry too
    private void claim(Claim claim, @Nullable ExposedDevice local) {
        if (local == null) {
            registry.claim(claim.key(), () -> claims.grant(claim));
            return;
        }
        // While the exposure changes, slots that the device plugin handed out may not be known to the registry yet.
        claims.demandFreeHere(claim.key(), local);
        registry.claim(claim.key(), () -> claims.grantBesidesOwn(claim, local));
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
