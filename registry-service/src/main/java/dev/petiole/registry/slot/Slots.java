package dev.petiole.registry.slot;

import static dev.petiole.registry.LogKeys.CAPACITY;
import static dev.petiole.registry.LogKeys.COUNT;
import static dev.petiole.registry.LogKeys.DEVICE;
import static dev.petiole.registry.LogKeys.HOLDERS;
import static dev.petiole.registry.LogKeys.NODE;

import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.configuration.ConfigurationListener;
import dev.petiole.registry.device.DeviceChange;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.Devices;
import dev.petiole.registry.dialect.Dialect;
import dev.petiole.registry.node.Leases;
import dev.petiole.registry.node.NodeListener;
import dev.petiole.registry.node.Recovery;
import dev.petiole.registry.node.StillRecovering;
import dev.petiole.registry.node.UsageDoubts;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Grants slots and takes them back. A claim lives until its node reports it free or the node's own end
/// proves it so; neither time nor the end of its device ends it.
@Component
public final class Slots implements NodeListener, ConfigurationListener, UsageDoubts {

    private static final Logger log = LoggerFactory.getLogger(Slots.class);

    private final ClaimStore store;
    private final Devices devices;
    private final Leases leases;
    private final Recovery recovery;
    private final RegistryWriter writer;
    private final ClaimMeters meters;
    private final SlotProperties properties;

    Slots(
            ClaimStore store,
            Devices devices,
            Leases leases,
            Recovery recovery,
            RegistryWriter writer,
            ClaimMeters meters,
            SlotProperties properties) {
        this.properties = properties;
        this.meters = meters;
        this.store = store;
        this.devices = devices;
        this.leases = leases;
        this.recovery = recovery;
        this.writer = writer;
    }

    /// Grants a slot. Whoever holds one already is granted that one again; but an id that the kubelet may have handed
    /// from a Pod that has ended to the next is not where others hold too many already, as after the capacity was
    /// lowered.
    ///
    /// @throws NotFound if there is no such device
    /// @throws DeviceNotAvailable if the device can't be granted to the node now
    /// @throws NoFreeSlot if others hold all slots
    /// @throws StillRecovering if the registry was rebuilt and does not know yet who holds them
    public Slot claim(String node, ClaimRequest request) {
        var key = new Claim.Key(DeviceKey.of(request.device()), node, request.resource(), request.kubeletDeviceId());
        return meters.measured(() -> writer.write(transaction -> {
            leases.prove(transaction, node, request.session());
            return claim(transaction, key, new Claim.Asked(request.session(), request.usageSequence()));
        }));
    }

    /// Takes a node's statement of its uses, in full.
    public void report(String node, UsageReport report) {
        writer.write(transaction -> {
            leases.prove(transaction, node, report.session());
            boolean isNewest = leases.isNewestUsage(transaction, node, report.sequence());
            if (isNewest) {
                apply(transaction, node, report);
            }
            return isNewest;
        });
    }

    /// Records holders to whom another manager granted slots before, unless they are known.
    public void recall(ConfigurationKey configuration, HeldSlots held) {
        writer.write(transaction -> {
            held.slots().forEach(slot -> recall(transaction, configuration, slot));
            return held.slots().size();
        });
    }

    private void recall(WriteTransaction transaction, ConfigurationKey configuration, HeldSlot slot) {
        DeviceKey device = DeviceKey.of(configuration, slot.device());
        var key = new Claim.Key(device, slot.node(), slot.resource(), slot.kubeletDeviceId());
        Holders holders = store.holders(device);
        if (holders.find(key).isEmpty()) {
            int index = holders.isUnused(slot.index()) ? slot.index() : holders.lowestUnused();
            store.add(Claim.of(key, index, Claim.User.UNTOLD, transaction.now(), Claim.Asked.BEFORE));
            show(transaction, device);
            log.atInfo()
                    .addKeyValue(DEVICE, device)
                    .addKeyValue(NODE, slot.node())
                    .log("holder recalled");
        }
    }

    @Override
    public Optional<String> findRemains(ConfigurationKey key) {
        return store.listHeld(key.group()).stream()
                .filter(device -> !device.namespace().equals(key.namespace())
                        && Dialect.of(key).isDeviceOf(key.name(), device.name()))
                .map(DeviceKey::namespace)
                .findFirst();
    }

    /// @return who holds the device's slots, in the order of slots; a device that is gone may still have
    ///     holders
    public List<Slot> holders(DeviceKey device) {
        return store.holders(device).claims().stream().map(Claim::toApi).toList();
    }

    @Override
    public boolean isInDoubt(String node, Instant now) {
        return store.holdsUntold(node, now.minus(properties.confirmation()));
    }

    @Override
    public void nodeFenced(WriteTransaction transaction, String node) {
        releaseAll(transaction, node);
    }

    @Override
    public void nodeGone(WriteTransaction transaction, String node) {
        releaseAll(transaction, node);
    }

    private Slot claim(WriteTransaction transaction, Claim.Key key, Claim.Asked asked) {
        Holders holders = store.holders(key.device());
        Optional<DeviceRecord> found = devices.find(key.device()).map(Versioned::value);
        Optional<Claim> held = holders.find(key);
        if (held.isPresent()) {
            found.map(DeviceRecord::capacity)
                    .filter(capacity -> !holders.mayBeGrantedAgain(held.get(), capacity))
                    .ifPresent(capacity -> {
                        throw new NoFreeSlot(key.device(), capacity);
                    });
            Claim again = held.get().grantedAgain(transaction.now(), asked);
            store.replace(again);
            return again.toApi();
        }
        DeviceRecord device = found.orElseThrow(() -> new NotFound("device " + key.device()));
        if (!device.isAvailableOn(key.node())) {
            throw new DeviceNotAvailable(device, key.node());
        }
        recovery.demandHoldersKnown(key.node(), device.shared());
        int slot =
                holders.findFree(device.capacity()).orElseThrow(() -> new NoFreeSlot(key.device(), device.capacity()));
        Claim claim = Claim.of(key, slot, Claim.User.UNTOLD, transaction.now(), asked);
        store.add(claim);
        show(transaction, key.device());
        log.atInfo()
                .addKeyValue(DEVICE, key.device())
                .addKeyValue(NODE, key.node())
                .log("slot granted");
        return claim.toApi();
    }

    private void apply(WriteTransaction transaction, String node, UsageReport report) {
        UsageRules.Decision decision = UsageRules.decide(
                node, store.listOf(node), report, transaction.now().minus(properties.confirmation()));
        Set<DeviceKey> concerned = new LinkedHashSet<>();
        for (Claim.Key key : decision.released()) {
            store.remove(key);
            concerned.add(key.device());
            log.atInfo()
                    .addKeyValue(DEVICE, key.device())
                    .addKeyValue(NODE, node)
                    .log("slot released");
        }
        for (Claim claim : decision.renamed()) {
            store.replace(claim);
            concerned.add(claim.key().device());
        }
        decision.unknown().forEach((key, user) -> {
            establish(key, user, transaction.now());
            concerned.add(key.device());
        });
        concerned.forEach(device -> show(transaction, device));
    }

    /// Records a use that is a fact although nobody granted it, so that nothing more is granted than is free.
    private void establish(Claim.Key key, Claim.User user, Instant now) {
        Holders holders = store.holders(key.device());
        store.add(Claim.of(key, holders.lowestUnused(), user, now, Claim.Asked.NEVER));
        int count = holders.claims().size() + 1;
        devices.find(key.device())
                .map(device -> device.value().capacity())
                .filter(capacity -> count > capacity)
                .ifPresent(capacity -> log.atWarn()
                        .addKeyValue(DEVICE, key.device())
                        .addKeyValue(NODE, key.node())
                        .addKeyValue(HOLDERS, count)
                        .addKeyValue(CAPACITY, capacity)
                        .log("device has more users than slots"));
    }

    private void releaseAll(WriteTransaction transaction, String node) {
        List<Claim> claims = store.listOf(node);
        Set<DeviceKey> concerned = new LinkedHashSet<>();
        for (Claim claim : claims) {
            store.remove(claim.key());
            concerned.add(claim.key().device());
        }
        concerned.forEach(device -> show(transaction, device));
        if (!claims.isEmpty()) {
            log.atInfo()
                    .addKeyValue(NODE, node)
                    .addKeyValue(COUNT, claims.size())
                    .log("slots of a lost node released");
        }
    }

    /// Puts the present holders into the device's record, if there is one.
    private void show(WriteTransaction transaction, DeviceKey key) {
        devices.find(key).ifPresent(device -> {
            DeviceRecord after = device.value().withSlots(holders(key));
            devices.apply(transaction, device.value().configuration(), List.of(new DeviceChange(device, after)));
        });
    }
}
