package dev.petiole.discovery.allocation;

import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.RESOURCE;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.Inventory;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Hands devices to containers: claims a slot for each id that the kubelet chose, or nothing at all. Thread-safe.
@Component
public final class Allocator {

    private static final Logger log = LoggerFactory.getLogger(Allocator.class);

    private final Inventory inventory;
    private final Claims claims;
    private final RegistryClaims registry;

    Allocator(Inventory inventory, Claims claims, RegistryClaims registry) {
        this.inventory = inventory;
        this.claims = claims;
        this.registry = registry;
    }

    /// Claims all slots of a Pod's containers.
    ///
    /// @param resource the extended resource that the kubelet allocates from
    /// @param containers the kubelet's device ids, per container
    /// @return what each container gets, in the same order
    /// @throws AllocationRefused if any of them can't be had; none is held then that was not held before
    public List<ContainerDevices> allocate(String resource, List<List<String>> containers) {
        Map<DeviceRef, ExposedDevice> exposed =
                inventory.exposed().stream().collect(Collectors.toMap(ExposedDevice::ref, Function.identity()));
        List<ContainerDevices> allocated = containers.stream()
                .map(ids -> ContainerDevices.of(ids.stream()
                        .sorted()
                        .map(id -> device(resource, id, exposed))
                        .toList()))
                .toList();
        List<Claim.Key> keys = containers.stream()
                .flatMap(List::stream)
                .map(id -> key(resource, id))
                .toList();
        claimAll(keys, exposed);
        return allocated;
    }

    private void claim(Claim.Key key, ExposedDevice device) {
        // A node that has lost its record has the registry decide until the kubelet has told what is in use.
        if (!device.isLocal() || !claims.isTrustworthy()) {
            registry.claim(key, () -> claims.grant(key));
            return;
        }
        if (!device.isGrantable() && !claims.contains(key)) {
            throw new AllocationRefused("device " + device.ref().name() + " is not online");
        }
        claims.grantLocally(key, device);
    }

    private void claimAll(List<Claim.Key> keys, Map<DeviceRef, ExposedDevice> exposed) {
        var isNew = new ArrayList<Claim.Key>();
        try {
            for (Claim.Key key : keys) {
                if (!claims.contains(key)) {
                    isNew.add(key);
                }
                claim(key, Objects.requireNonNull(exposed.get(key.device())));
            }
        } catch (AllocationRefused | UncheckedIOException e) {
            claims.release(isNew);
            log.atWarn()
                    .addKeyValue(RESOURCE, keys.getFirst().resource())
                    .addKeyValue(ERROR, e.getMessage())
                    .log("allocation refused");
            throw e instanceof AllocationRefused refused
                    ? refused
                    : new AllocationRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private Claim.Key key(String resource, String id) {
        DeviceRef device = inventory
                .findDevice(resource, id)
                .orElseThrow(() -> new AllocationRefused(id + " is no slot of " + resource));
        return new Claim.Key(device, resource, id);
    }

    private SeenDevice device(String resource, String id, Map<DeviceRef, ExposedDevice> exposed) {
        DeviceRef ref = key(resource, id).device();
        ExposedDevice device = exposed.get(ref);
        if (device == null) {
            throw new AllocationRefused("device " + ref.name() + " is not exposed on this node any more");
        }
        if (device.seen() == null) {
            throw new AllocationRefused("device " + ref.name() + " is not seen by this node now");
        }
        return new SeenDevice(device.hash(), device.seen(), device.brokerProperties());
    }
}
