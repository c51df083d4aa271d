package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.workload.WorkloadPlan.DeviceBrokers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A plan in the making.
final class Draft {

    private final List<Wanted> wanted = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private final Map<String, DeviceBrokers> brokers = new HashMap<>();
    private final Map<String, String> faults = new HashMap<>();
    private final Set<ObjectKey> spared = new HashSet<>();
    private @Nullable DeviceBrokers common;
    private @Nullable Instant lookAgain;

    void want(Resource resource, JsonObject object, Wanted.Owner owner) {
        var key = ObjectKey.of(resource, object);
        spared.add(key);
        wanted.add(new Wanted(key, object, owner));
    }

    /// Leaves the object alone, as it is.
    void spare(Resource resource, JsonObject object) {
        spared.add(ObjectKey.of(resource, object));
    }

    /// @return whether the object is wanted, or at least left alone
    boolean isSpared(ObjectKey key) {
        return spared.contains(key);
    }

    void remove(Resource resource, JsonObject object, String reason) {
        if (Json.at(object, "metadata", "deletionTimestamp") == null) {
            var key = ObjectKey.of(resource, object);
            spared.add(key);
            removals.add(new Removal(key, Json.text(object, "metadata", "uid"), reason));
        }
    }

    void brokersOf(Device device, DeviceBrokers those) {
        brokers.put(device.name(), those);
    }

    /// Notes brokers that serve several devices.
    void common(DeviceBrokers those) {
        common = those;
    }

    /// Notes why the template can't be filled in.
    ///
    /// @param device empty if it can be filled in for none
    void fault(String device, String message) {
        faults.put(device, message);
    }

    void lookAgainAt(Instant at) {
        if (lookAgain == null || at.isBefore(lookAgain)) {
            lookAgain = at;
        }
    }

    boolean isServed(Device device) {
        DeviceBrokers there = brokers.get(device.name());
        return there != null && there.isServed();
    }

    Map<String, String> selectorOf(Device device) {
        DeviceBrokers there = brokers.get(device.name());
        return there == null ? Map.of() : there.selector();
    }

    WorkloadPlan toPlan() {
        return new WorkloadPlan(
                wanted, removals, brokers, Optional.ofNullable(common), faults, Optional.ofNullable(lookAgain));
    }
}
