package dev.petiole.scheduler.takeover;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.HoldersApi;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what another manager left in the cluster Petiole's own. Nothing is deleted or made anew: Instances
/// keep their UIDs, so the brokers that they own run on. Thread-safe.
public final class Takeover {

    private static final Logger log = LoggerFactory.getLogger(Takeover.class);

    private final Dialect dialect;
    private final ApiServer apiServer;
    private final HoldersApi registry;
    private final Clock clock;

    public Takeover(Dialect dialect, ApiServer apiServer, HoldersApi registry, Clock clock) {
        this.dialect = dialect;
        this.apiServer = apiServer;
        this.registry = registry;
        this.clock = clock;
    }

    /// Takes the finalizers of the other manager from a Configuration, which else could never be deleted.
    public void takeConfiguration(JsonObject configuration) {
        if (!dialect.formerFinalizers(configuration).isEmpty()) {
            var metadata = new JsonObject();
            metadata.addProperty("resourceVersion", Json.text(configuration, "metadata", "resourceVersion"));
            metadata.add("finalizers", remainingFinalizers(configuration));
            overwrite(ObjectKey.of(configuration), metadata);
        }
    }

    /// Takes Instances over. Must be done before the registry knows the Configuration, so that it grants no
    /// slot that is held.
    ///
    /// @param instances those of the Configuration
    /// @param nodes those that the cluster has; elsewhere nobody holds anything
    public void takeInstances(ConfigurationKey key, List<JsonObject> instances, Set<String> nodes) {
        List<JsonObject> left = instances.stream().filter(dialect::isFormers).toList();
        if (left.isEmpty()) {
            return;
        }
        List<HeldSlot> held = new ArrayList<>();
        for (JsonObject instance : left) {
            dialect.heldSlots(instance).stream()
                    .filter(slot -> nodes.contains(slot.node()))
                    .forEach(held::add);
        }
        if (!held.isEmpty()) {
            registry.recall(key.group(), key.namespace(), key.name(), new HeldSlots(held));
        }
        left.forEach(this::takeInstance);
        log.atInfo()
                .addKeyValue("configuration", key)
                .addKeyValue("instances", left.size())
                .addKeyValue("slots", held.size())
                .log("instances taken over");
    }

    private void takeInstance(JsonObject cached) {
        var key = ObjectKey.of(cached);
        apiServer.find(key).ifPresent(instance -> {
            var metadata = new JsonObject();
            metadata.addProperty("resourceVersion", Json.text(instance, "metadata", "resourceVersion"));
            metadata.add("finalizers", remainingFinalizers(instance));
            metadata.add("managedFields", FieldOwners.toPetiole(instance, dialect::isFormerOwner, clock.instant()));
            overwrite(key, metadata);
        });
    }

    /// One that has changed or is gone meanwhile is looked at again when the cache shows it.
    private void overwrite(ObjectKey key, JsonObject metadata) {
        var body = new JsonObject();
        body.add("metadata", metadata);
        try {
            apiServer.overwrite(key, body);
        } catch (ApiRefusal e) {
            if (e.status() != 404 && e.status() != 409) {
                throw e;
            }
        }
    }

    private JsonArray remainingFinalizers(JsonObject object) {
        List<String> former = dialect.formerFinalizers(object);
        var remaining = new JsonArray();
        Json.strings(object, "metadata", "finalizers").stream()
                .filter(finalizer -> !former.contains(finalizer))
                .forEach(remaining::add);
        return remaining;
    }
}
