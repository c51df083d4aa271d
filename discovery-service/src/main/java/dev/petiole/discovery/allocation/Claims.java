package dev.petiole.discovery.allocation;

import dev.petiole.discovery.inventory.ExposedDevice;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// The claims of this node: in memory, and in step with it on the disk. Thread-safe.
@Component
public final class Claims implements SmartLifecycle {

    private static final int PHASE = 0;

    // One list could have been asked for before a Pod of our predecessor's was in it.
    private static final int LISTS_THAT_COMPLETE = 2;

    private final NodeLock nodeLock;
    private final Checkpoint checkpoint;
    private final Clock clock;
    private final ClaimTable table = new ClaimTable();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> grantListeners = new CopyOnWriteArrayList<>();
    private int lists;
    private boolean isSaved = true;
    private boolean isRestored;
    private boolean isRunning;

    Claims(NodeLock nodeLock, Checkpoint checkpoint, Clock clock) {
        this.nodeLock = nodeLock;
        this.checkpoint = checkpoint;
        this.clock = clock;
    }

    /// Calls `listener` after each change; it must only note that there is something to do.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Calls `listener` when a slot was granted, whose Pod the kubelet will soon be able to name.
    public void onGrant(Runnable listener) {
        grantListeners.add(listener);
    }

    /// @return all claims, ordered by resource and kubelet id
    public synchronized List<Claim> list() {
        return table.list();
    }

    /// @return whether the kubelet has been heard, so that a use which is not here is none
    synchronized boolean isComplete() {
        return lists >= LISTS_THAT_COMPLETE;
    }

    synchronized boolean contains(Claim.Key key) {
        return table.contains(key);
    }

    /// Returns once the grant is on the disk.
    void grant(Claim.Key key) {
        synchronized (this) {
            table.grant(key, clock.instant());
            save();
        }
        listeners.forEach(Runnable::run);
        grantListeners.forEach(Runnable::run);
    }

    /// @return whether all that is held on this node is here, so that it can grant by itself
    synchronized boolean isTrustworthy() {
        return isRestored || isComplete();
    }

    /// Grants a slot of a device that only this node can reach, by delegation from the registry, which is told later.
    /// Returns once the grant is on the disk.
    ///
    /// @throws AllocationRefused if others hold all slots, in whichever way. A key that is held does not help
    ///     where they are too many already: the kubelet may have handed its id from a Pod that has ended on
    void grantLocally(Claim.Key key, ExposedDevice device) {
        synchronized (this) {
            int others = table.count(key.device()) - (table.contains(key) ? 1 : 0) + heldUnknownHere(device);
            demandFree(others, device);
            table.grant(key, clock.instant());
            save();
        }
        listeners.forEach(Runnable::run);
        grantListeners.forEach(Runnable::run);
    }

    /// As [#grant(Claim.Key)], for a slot whose Pod is known already.
    void grant(Claim claim) {
        synchronized (this) {
            table.grant(claim, clock.instant());
            save();
        }
        listeners.forEach(Runnable::run);
    }

    /// As [#grant(Claim)], for a slot of a device that only this node can reach: what this node has granted by itself
    /// the registry may not have heard of yet.
    ///
    /// @throws AllocationRefused if all slots are held here already
    void grantBesidesOwn(Claim claim, ExposedDevice device) {
        synchronized (this) {
            demandFreeHere(claim.key(), device);
            table.grant(claim, clock.instant());
            save();
        }
        listeners.forEach(Runnable::run);
    }

    /// @param key of a ResourceClaim, which no other one gets: what is held by it is its own
    /// @throws AllocationRefused if all slots of the device are held here, and none of them by this key
    synchronized void demandFreeHere(Claim.Key key, ExposedDevice device) {
        if (!table.contains(key)) {
            demandFree(table.count(key.device()), device);
        }
    }

    private static void demandFree(int held, ExposedDevice device) {
        int capacity = device.capacity();
        if (held >= capacity) {
            String name = device.ref().name();
            throw new AllocationRefused(
                    capacity == 1
                            ? "the only slot of device " + name + " is held"
                            : "all " + capacity + " slots of device " + name + " are held");
        }
    }

    /// @return how many slots the registry tells of that were not handed out by the device plugin, and that this node
    ///     has no record of: pod-resources don't bring those back
    private int heldUnknownHere(ExposedDevice device) {
        return (int) device.slots().stream()
                .filter(slot -> !device.isOfPlugin(slot))
                .filter(slot -> !table.contains(new Claim.Key(device.ref(), slot.resource(), slot.kubeletDeviceId())))
                .count();
    }

    /// Ends claims that are no longer used. Returns once that is on the disk.
    void end(List<Claim.Key> keys) {
        synchronized (this) {
            boolean isChanged = false;
            for (Claim.Key key : keys) {
                isChanged |= table.remove(key);
            }
            if (isChanged) {
                save();
            }
        }
        // Of a claim that was not taken here the registry may have to hear too.
        listeners.forEach(Runnable::run);
    }

    /// Ends claims that were made in vain.
    void release(List<Claim.Key> keys) {
        synchronized (this) {
            keys.forEach(table::remove);
            // Not saved: on the disk these claims are harmless, and after a restart they end as unused ones do.
            isSaved = false;
        }
        listeners.forEach(Runnable::run);
    }

    /// Takes note of a complete list of what the kubelet has allocated.
    ///
    /// @param begun when the list was asked for
    public void observe(Instant begun, Map<Claim.Key, Claim.Holder> inUse) {
        synchronized (this) {
            boolean isChanged = table.observe(begun, inUse);
            lists++;
            isSaved &= !isChanged;
            if (!isChanged && isSaved && lists != LISTS_THAT_COMPLETE) {
                return;
            }
        }
        listeners.forEach(Runnable::run);
        synchronized (this) {
            if (!isSaved) {
                save();
            }
        }
    }

    private void save() {
        isSaved = false;
        checkpoint.save(table.list());
        isSaved = true;
    }

    @Override
    public synchronized void start() {
        nodeLock.acquire();
        Instant now = clock.instant();
        Optional<List<Claim>> saved = checkpoint.find();
        saved.ifPresent(claims -> claims.forEach(claim -> table.restore(claim, now)));
        isRestored = saved.isPresent();
        isRunning = true;
    }

    @Override
    public synchronized void stop() {
        isRunning = false;
        nodeLock.release();
    }

    @Override
    public synchronized boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
