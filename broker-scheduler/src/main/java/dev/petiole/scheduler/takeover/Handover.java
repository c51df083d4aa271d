package dev.petiole.scheduler.takeover;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.watch.ListPage;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Gives the objects of an API group that is served no more back to the group's own manager: the registry
/// forgets the Configurations, so that no node offers their devices, and Petiole gives up the ownership of
/// the Instances' fields. The objects themselves stay, and the brokers run on. Done once, by the leader.
public final class Handover implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Handover.class);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

    private final Dialect dialect;
    private final ApiServer apiServer;
    private final ConfigurationsApi registry;
    private final Leadership leadership;
    private final Clock clock;
    private final KeyLoop<String> loop;
    private volatile boolean isRunning;

    public Handover(
            Dialect dialect,
            ApiServer apiServer,
            ConfigurationsApi registry,
            Leadership leadership,
            Clock clock,
            RandomGenerator random) {
        this.dialect = dialect;
        this.apiServer = apiServer;
        this.registry = registry;
        this.leadership = leadership;
        this.clock = clock;
        this.loop = new KeyLoop<>("handover", 1, random, _ -> handOver());
    }

    @Override
    public void start() {
        isRunning = true;
        loop.start();
        loop.add(dialect.group());
    }

    @Override
    public void stop() {
        isRunning = false;
        loop.close();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Ended before leadership is given back.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1;
    }

    private Optional<Duration> handOver() {
        if (!leadership.isHeld()) {
            return Optional.of(LOOK_AGAIN_AFTER);
        }
        List<Configuration> known = listKnown();
        known.forEach(configuration -> registry.delete(
                configuration.key().group(),
                configuration.key().namespace(),
                configuration.key().name(),
                configuration.uid(),
                null));
        List<JsonObject> instances = apiServer.list(dialect.instances()).stream()
                .filter(Handover::isOurs)
                .toList();
        instances.forEach(this::giveUp);
        if (!known.isEmpty() || !instances.isEmpty()) {
            log.atInfo()
                    .addKeyValue("group", dialect.group())
                    .addKeyValue("configurations", known.size())
                    .addKeyValue("instances", instances.size())
                    .log("handed over");
        }
        return Optional.empty();
    }

    /// Those that came from the cluster: one that was made over REST is nobody else's.
    private List<Configuration> listKnown() {
        List<Configuration> known = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            ListPage<Configuration> page = registry.list(dialect.group(), null, null, null, cursor);
            page.items().stream()
                    .filter(configuration -> configuration.managedBy() == ManagedBy.KUBERNETES)
                    .forEach(known::add);
            cursor = page.nextCursor();
        } while (cursor != null);
        return known;
    }

    private void giveUp(JsonObject instance) {
        var metadata = new JsonObject();
        metadata.addProperty("resourceVersion", Json.text(instance, "metadata", "resourceVersion"));
        metadata.add(
                "managedFields",
                FieldOwners.fromPetiole(instance, dialect.formerOwnersFields(instance), clock.instant()));
        var body = new JsonObject();
        body.add("metadata", metadata);
        apiServer.overwriteAside(ObjectKey.of(instance), body);
    }

    private static boolean isOurs(JsonObject instance) {
        return Json.objects(instance, "metadata", "managedFields").stream()
                .anyMatch(entry -> Json.text(entry, "manager").equals(ApiServer.FIELD_MANAGER));
    }
}
