package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.exposure.BrokerClaims;
import dev.petiole.scheduler.exposure.DynamicResources;
import dev.petiole.scheduler.exposure.ExposureConditions;
import dev.petiole.scheduler.exposure.ExposureNames;
import dev.petiole.scheduler.exposure.ExposurePlan;
import dev.petiole.scheduler.exposure.ExposurePlanner;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.NodeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Brings what is published for the claims of a Configuration's devices to where it should be. Thread-safe for
/// different Configurations.
final class ExposureStep implements AutoCloseable {

    private final Dialect dialect;
    private final ClusterCache cache;
    private final DynamicResources dynamicResources;
    private final Applier applier;

    ExposureStep(Dialect dialect, ClusterCache cache, DynamicResources dynamicResources, Applier applier) {
        this.dialect = dialect;
        this.cache = cache;
        this.dynamicResources = dynamicResources;
        this.applier = applier;
    }

    /// What there is to apply, and how it stands.
    record Exposure(boolean isAsked, DynamicResources.State state, ExposurePlan plan) {

        /// Whether a broker can get its device. Where claims are unknown, the API server would drop them from a
        /// Pod, which then ran without.
        boolean servesBrokers() {
            return !isAsked || state == DynamicResources.State.READY;
        }

        Optional<Condition> findCondition(JsonObject configuration, Optional<String> rejection) {
            return isAsked
                    ? Optional.of(ExposureConditions.ofConfiguration(configuration, state, plan, rejection))
                    : Optional.empty();
        }

        Optional<Condition> findCondition(Device device) {
            ExposurePlan.@Nullable OfDevice known = plan.devices().get(device.name());
            return isAsked && state == DynamicResources.State.READY && known != null
                    ? Optional.of(ExposureConditions.ofDevice(known))
                    : Optional.empty();
        }
    }

    /// @param devices all that are on record for this very Configuration
    Exposure decide(JsonObject configuration, List<Device> devices, Map<String, NodeState> nodes) {
        boolean isAsked = BrokerClaims.areUsed(configuration);
        DynamicResources.State state = dynamicResources.state();
        if (state != DynamicResources.State.READY) {
            return new Exposure(isAsked, state, new ExposurePlan(List.of(), Map.of(), List.of(), Map.of()));
        }
        var key = new ConfigurationKey(
                dialect.group(),
                Json.text(configuration, "metadata", "namespace"),
                Json.text(configuration, "metadata", "name"));
        ExposurePlan plan = ExposurePlanner.plan(
                dialect, new ExposurePlanner.Situation(configuration, devices, nodes, existing(key)));
        return new Exposure(isAsked, state, plan);
    }

    /// Takes away what was made for a Configuration that is gone.
    void sweep(ConfigurationKey key) {
        if (dynamicResources.state() == DynamicResources.State.READY) {
            ExposurePlanner.leftovers(existing(key)).forEach(this::remove);
        }
    }

    void remove(JsonObject object) {
        if (Json.at(object, "metadata", "deletionTimestamp") == null) {
            applier.delete(ObjectKey.of(object), Json.text(object, "metadata", "uid"));
        }
    }

    void start() {
        dynamicResources.start();
    }

    @Override
    public void close() {
        dynamicResources.close();
    }

    /// Calls `listener` when what the cluster has is known, or is another; it must only note that.
    void onChange(Runnable listener) {
        dynamicResources.onChange(listener);
    }

    boolean isSettled() {
        return dynamicResources.isSettled();
    }

    /// @return the Configurations for which something is published
    Set<ConfigurationKey> owners() {
        return Stream.of(Resource.RESOURCE_SLICE, Resource.DEVICE_CLASS)
                .flatMap(resource -> cache.list(resource).stream())
                .flatMap(object -> ExposureNames.findOwner(dialect, object).stream())
                .collect(Collectors.toSet());
    }

    private ExposurePlanner.Existing existing(ConfigurationKey key) {
        return new ExposurePlanner.Existing(
                ownedBy(key, Resource.RESOURCE_SLICE),
                ownedBy(key, Resource.DEVICE_CLASS),
                cache.find(Resource.RESOURCE_CLAIM_TEMPLATE, key.namespace(), key.name()));
    }

    private List<JsonObject> ownedBy(ConfigurationKey key, Resource resource) {
        return cache.list(resource).stream()
                .filter(object -> ExposureNames.findOwner(dialect, object)
                        .filter(key::equals)
                        .isPresent())
                .toList();
    }
}
