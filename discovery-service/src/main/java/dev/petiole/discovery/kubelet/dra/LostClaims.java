package dev.petiole.discovery.kubelet.dra;

import dev.petiole.discovery.inventory.PoolNames;
import dev.petiole.proto.podresources.ClaimResource;
import dev.petiole.proto.podresources.ContainerResources;
import dev.petiole.proto.podresources.DynamicResource;
import dev.petiole.proto.podresources.ListPodResourcesResponse;
import dev.petiole.proto.podresources.PodResources;
import java.util.HashSet;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Takes ResourceClaims back into this node's books that the kubelet says are prepared and the books lack, as after the
/// loss of this service's directory. Not thread-safe.
@Component
public final class LostClaims {

    private final DraProperties properties;
    private final Preparation preparation;
    private Set<Named> missing = Set.of();

    LostClaims(DraProperties properties, Preparation preparation) {
        this.properties = properties;
        this.preparation = preparation;
    }

    /// A slot that a container has by a ResourceClaim.
    private record Named(String namespace, String claim, String pool, String slot) {}

    /// Takes back what two lists in a row tell of: one alone may have been written before the claim was ended here.
    ///
    /// @param list a complete list of what the kubelet has allocated
    /// @throws RuntimeException if a claim can't be looked up now; then the list says nothing of what is in use
    public void takeBack(ListPodResourcesResponse list) {
        if (!properties.enabled()) {
            return;
        }
        Set<Named> missingNow = new HashSet<>();
        for (PodResources pod : list.getPodResourcesList()) {
            for (ContainerResources container : pod.getContainersList()) {
                container.getDynamicResourcesList().forEach(claim -> addMissing(claim, missingNow));
            }
        }
        missingNow.stream()
                .filter(missing::contains)
                .forEach(slot -> preparation.takeBack(slot.namespace(), slot.claim()));
        missing = missingNow;
    }

    private void addMissing(DynamicResource claim, Set<Named> missingNow) {
        for (ClaimResource slot : claim.getClaimResourcesList()) {
            if (slot.getDriverName().equals(PoolNames.DRIVER)
                    && !preparation.isHeld(slot.getPoolName(), slot.getDeviceName())) {
                missingNow.add(new Named(
                        claim.getClaimNamespace(), claim.getClaimName(), slot.getPoolName(), slot.getDeviceName()));
            }
        }
    }
}
