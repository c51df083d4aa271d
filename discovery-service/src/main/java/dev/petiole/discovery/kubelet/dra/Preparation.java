package dev.petiole.discovery.kubelet.dra;

import static dev.petiole.discovery.LogKeys.CLAIM;
import static dev.petiole.discovery.LogKeys.NAMESPACE;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.discovery.allocation.ResourceClaimSlots;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.inventory.PoolNames;
import dev.petiole.discovery.kubernetes.KubernetesApi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Prepares ResourceClaims and ends them again. Both may be repeated: a claim that is prepared is answered as
/// it was. Thread-safe.
@Component
final class Preparation {

    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    private static final int STRIPES = 64;

    private final KubernetesApi kubernetes;
    private final Inventory inventory;
    private final ResourceClaimSlots slots;
    private final PreparedClaims prepared;
    private final CdiFiles cdi;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /*
     * The kubelet may ask to unprepare a claim while it still waits for the answer to an earlier call about it: calls
     * about one claim take turns.
     */
    private final List<ReentrantLock> turns =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toList();

    Preparation(
            KubernetesApi kubernetes,
            Inventory inventory,
            ResourceClaimSlots slots,
            PreparedClaims prepared,
            CdiFiles cdi) {
        this.kubernetes = kubernetes;
        this.inventory = inventory;
        this.slots = slots;
        this.prepared = prepared;
        this.cdi = cdi;
    }

    /// Which ResourceClaim the kubelet speaks of.
    record Request(String namespace, String name, String uid) {}

    /// Calls `listener` when a claim was prepared; it must only note that there is something to do.
    void onPrepared(Runnable listener) {
        listeners.add(listener);
    }

    /// Claims the slots at the registry, and only then lays out what the containers get.
    ///
    /// @throws RuntimeException if that can't be done now, saying why
    PreparedClaim prepare(Request request) {
        ReentrantLock turn = turn(request.uid());
        turn.lock();
        try {
            Optional<PreparedClaim> before = prepared.find(request.uid());
            // The runtime's directory is emptied when the machine starts; what was in it is laid out anew.
            if (before.isPresent() && cdi.has(request.uid())) {
                return before.get();
            }
            PreparedClaim claim = prepareAnew(request);
            log.atInfo()
                    .addKeyValue(NAMESPACE, request.namespace())
                    .addKeyValue(CLAIM, request.name())
                    .log("resource claim prepared");
            listeners.forEach(Runnable::run);
            return claim;
        } finally {
            turn.unlock();
        }
    }

    /// Gives the slots back. That there are none is no error.
    void unprepare(String uid) {
        ReentrantLock turn = turn(uid);
        turn.lock();
        try {
            cdi.delete(uid);
            Optional<PreparedClaim> claim = prepared.find(uid);
            if (claim.isPresent()) {
                end(claim.get());
                log.atInfo()
                        .addKeyValue(NAMESPACE, claim.get().namespace())
                        .addKeyValue(CLAIM, claim.get().name())
                        .log("resource claim ended");
            }
        } finally {
            turn.unlock();
        }
    }

    /// @return whether this slot is held by a claim that is known to be prepared
    boolean isHeld(String pool, String slot) {
        return prepared.list().stream()
                .filter(claim -> claim.slots().stream()
                        .anyMatch(
                                held -> held.pool().equals(pool) && held.name().equals(slot)))
                .anyMatch(claim -> slots.holdsAll(claim.keys()));
    }

    /// Notes that a claim is prepared, of which this node has no record any more. Nobody is asked whether its slots are
    /// free: that it uses them is a fact, of which the registry hears with the next usage report.
    ///
    /// @throws RuntimeException if the claim can't be read now
    void takeBack(String namespace, String name) {
        Optional<ResourceClaim> found =
                kubernetes.find(KubernetesApi.resourceClaim(namespace, name)).map(ResourceClaim::parse);
        if (found.isEmpty()) {
            return;
        }
        ResourceClaim claim = found.get();
        ReentrantLock turn = turn(claim.uid());
        turn.lock();
        try {
            List<PreparedClaim.Slot> held = claim.allocated().stream()
                    .flatMap(allocated -> PoolNames.findDevice(allocated.pool(), allocated.slot())
                            .map(device -> new PreparedClaim.Slot(
                                    device, allocated.request(), allocated.pool(), allocated.slot()))
                            .stream())
                    .toList();
            var lost = new PreparedClaim(claim.namespace(), claim.name(), claim.uid(), claim.pod(), held);
            prepared.put(lost);
            slots.takeBack(lost.claims());
            log.atWarn()
                    .addKeyValue(NAMESPACE, namespace)
                    .addKeyValue(CLAIM, name)
                    .log("resource claim taken back into the books, which lacked it");
            listeners.forEach(Runnable::run);
        } finally {
            turn.unlock();
        }
    }

    private PreparedClaim prepareAnew(Request request) {
        ResourceClaim claim = fetch(request);
        Map<DeviceRef, ExposedDevice> exposed = inventory.exposed(Exposure.RESOURCE_CLAIM).stream()
                .collect(Collectors.toMap(ExposedDevice::ref, Function.identity()));
        List<PreparedClaim.Slot> wanted = new ArrayList<>();
        List<CdiFiles.Edits> edits = new ArrayList<>();
        Set<String> requestsWithPlainNames = new HashSet<>();
        for (ResourceClaim.Allocated allocated : claim.allocated()) {
            ExposedDevice device = device(claim, allocated, exposed);
            DiscoveredDevice seen = requireSeen(device);
            wanted.add(new PreparedClaim.Slot(device.ref(), allocated.request(), allocated.pool(), allocated.slot()));
            edits.add(edits(device, seen, requestsWithPlainNames.add(allocated.request())));
        }
        var fresh = new PreparedClaim(claim.namespace(), claim.name(), claim.uid(), claim.pod(), wanted);
        // Noted before the slots are held, so that they can be given back whatever happens in between.
        prepared.put(fresh);
        try {
            slots.claim(fresh.claims());
            cdi.write(claim.uid(), edits);
        } catch (RuntimeException e) {
            end(fresh);
            throw e;
        }
        return fresh;
    }

    private void end(PreparedClaim claim) {
        slots.end(claim.keys());
        prepared.remove(claim.uid());
    }

    private ResourceClaim fetch(Request request) {
        ResourceClaim claim = kubernetes
                .find(KubernetesApi.resourceClaim(request.namespace(), request.name()))
                .map(ResourceClaim::parse)
                .filter(found -> found.uid().equals(request.uid()))
                .orElseThrow(() -> new PreparationRefused("ResourceClaim " + request.namespace() + "/" + request.name()
                        + " with UID " + request.uid() + " is gone"));
        if (claim.allocated().isEmpty()) {
            throw new PreparationRefused("nothing of driver " + PoolNames.DRIVER + " is allocated to ResourceClaim "
                    + request.namespace() + "/" + request.name());
        }
        return claim;
    }

    private static ExposedDevice device(
            ResourceClaim claim, ResourceClaim.Allocated allocated, Map<DeviceRef, ExposedDevice> exposed) {
        @Nullable ExposedDevice device = PoolNames.findDevice(allocated.pool(), allocated.slot())
                .map(exposed::get)
                .orElse(null);
        if (device == null) {
            throw new PreparationRefused("device " + allocated.slot() + " of pool " + allocated.pool()
                    + " is not exposed to ResourceClaims on this node any more");
        }
        if (!device.isFor(claim.namespace())) {
            String owner = device.configuration().namespace();
            throw new PreparationRefused("devices of Configuration " + owner + "/"
                    + device.configuration().name() + " are for Pods of namespace " + owner + ", and this one is in "
                    + claim.namespace() + " (remedy: name it in the Configuration's spec.consumers.namespaces)");
        }
        return device;
    }

    private static DiscoveredDevice requireSeen(ExposedDevice device) {
        DiscoveredDevice seen = device.seen();
        if (seen == null) {
            throw new PreparationRefused("device " + device.ref().name() + " is not seen by this node now");
        }
        return seen;
    }

    /// @param hasPlainNames whether the properties go by their own names too; of several devices in a request
    ///     the first ones do, as with extended resources
    private static CdiFiles.Edits edits(ExposedDevice device, DiscoveredDevice seen, boolean hasPlainNames) {
        var properties = new TreeMap<>(seen.properties());
        properties.putAll(device.brokerProperties());
        var environment = new TreeMap<String, String>();
        properties.forEach((name, value) -> {
            if (hasPlainNames) {
                environment.put(name, value);
            }
            environment.put(name + "_" + device.hash(), value);
        });
        return new CdiFiles.Edits(environment, seen.mounts(), seen.deviceNodes());
    }

    private ReentrantLock turn(String uid) {
        return turns.get(Math.floorMod(uid.hashCode(), STRIPES));
    }
}
