package dev.petiole.scheduler.uninstall;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.WithdrawnResources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the broker-scheduler and removes what it has made that belongs to no namespace, and so to no Configuration
/// that takes it along: DeviceClasses, ResourceSlices, and the kubelets' leftovers in the Nodes' status. Instances
/// and brokers stay, as the Configurations do.
public final class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(500);

    // Longer than a Pod of the scheduler may take to end.
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final ApiServer apiServer;
    private final UninstallProperties properties;

    public Sweep(ApiServer apiServer, UninstallProperties properties) {
        this.apiServer = apiServer;
        this.properties = properties;
    }

    /// May be repeated.
    ///
    /// @throws RuntimeException if something could not be removed
    public void run() throws InterruptedException {
        endScheduler();
        for (Resource resource : List.of(Resource.RESOURCE_SLICE, Resource.DEVICE_CLASS)) {
            if (apiServer.serves(resource)) {
                removeAll(resource);
            }
        }
        String consumers = properties.consumers();
        if (consumers != null) {
            remove(new ObjectKey(Resource.DEVICE_CONSUMERS, properties.namespace(), consumers));
        }
        remove(new ObjectKey(Resource.LEASE, properties.namespace(), properties.scheduler()));
        apiServer.list(Resource.NODE, "").forEach(this::clean);
    }

    /// It would make everything anew.
    private void endScheduler() throws InterruptedException {
        var deployment = new ObjectKey(Resource.DEPLOYMENT, properties.namespace(), properties.scheduler());
        long until = System.nanoTime() + PATIENCE.toNanos();
        Optional<JsonObject> found = apiServer.find(deployment);
        found.ifPresent(running -> apiServer.deleteWithDependents(deployment, uid(running)));
        while (found.isPresent()) {
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException(deployment + ": its Pods have not ended within " + PATIENCE.toSeconds()
                        + " s (expected: 30 s at most; see kubectl describe)");
            }
            Thread.sleep(LOOK_AGAIN_AFTER);
            found = apiServer.find(deployment);
        }
    }

    private void removeAll(Resource resource) {
        List<JsonObject> objects = apiServer.list(resource, Dialect.PETIOLE.childSelector());
        objects.forEach(object -> apiServer.delete(ObjectKey.of(resource, object), uid(object)));
        log.atInfo()
                .addKeyValue("kind", resource.kind())
                .addKeyValue("count", objects.size())
                .log("removed");
    }

    private void remove(ObjectKey key) {
        apiServer.find(key).ifPresent(object -> {
            apiServer.delete(key, uid(object));
            log.atInfo().addKeyValue("object", key).log("removed");
        });
    }

    /// What a kubelet has not forgotten yet it would write anew.
    private void clean(JsonObject node) {
        List<String> resources = WithdrawnResources.zero(node);
        if (resources.isEmpty()) {
            return;
        }
        try {
            apiServer.overwriteStatus(ObjectKey.of(Resource.NODE, node), WithdrawnResources.patch(resources));
        } catch (ApiRefusal e) {
            // The node is gone.
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    private static String uid(JsonObject object) {
        return Json.text(object, "metadata", "uid");
    }
}
