package dev.petiole.scheduler.configuration;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.configuration.MirrorReport;
import dev.petiole.api.configuration.MirrorsApi;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.registry.Epoch;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The Kubernetes objects that show the Configurations made over REST. The registry owns those; a registry that was
/// rebuilt gets them back from here, which is the one time that they are read. Thread-safe.
public final class Mirrors {

    private static final Logger log = LoggerFactory.getLogger(Mirrors.class);
    private static final String MANAGED_BY = "petiole.dev/managed-by";
    private static final String REGISTRY = "registry";
    private static final String UID = "petiole.dev/registry-uid";
    private static final String EPOCH = "petiole.dev/registry-epoch";

    private final Dialect dialect;
    private final ConfigurationsApi registry;
    private final MirrorsApi reports;
    private final JsonMapper json;
    private final ConfigurationSpecs specs;

    public Mirrors(Dialect dialect, ConfigurationsApi registry, MirrorsApi reports, JsonMapper json) {
        this.reports = reports;
        this.dialect = dialect;
        this.registry = registry;
        this.json = json;
        this.specs = new ConfigurationSpecs(json);
    }

    /// @return whether the object shows a Configuration of the registry
    public static boolean isMirror(JsonObject object) {
        return Json.text(object, "metadata", "labels", MANAGED_BY).equals(REGISTRY)
                && !Json.text(object, "metadata", "annotations", UID).isEmpty();
    }

    /// @return by which UID the registry knows the Configuration
    public static String registryUid(JsonObject object) {
        return isMirror(object)
                ? Json.text(object, "metadata", "annotations", UID)
                : Json.text(object, "metadata", "uid");
    }

    /// @return the object that shows `configuration`
    public JsonObject mirrorOf(Configuration configuration) {
        ConfigurationKey key = configuration.key();
        var metadata = new JsonObject();
        metadata.addProperty("namespace", key.namespace());
        metadata.addProperty("name", key.name());
        metadata.add("labels", Json.of(configuration.labels()));
        Json.object(metadata, "labels").addProperty(MANAGED_BY, REGISTRY);
        JsonObject annotations = Json.child(metadata, "annotations");
        annotations.addProperty(UID, configuration.uid());
        annotations.addProperty(EPOCH, Epoch.of(configuration.resourceVersion()));
        var mirror = new JsonObject();
        mirror.addProperty("apiVersion", dialect.configurations().apiVersion());
        mirror.addProperty("kind", dialect.configurations().kind());
        mirror.add("metadata", metadata);
        JsonObject spec = JsonParser.parseString(json.writeValueAsString(configuration.spec()))
                .getAsJsonObject();
        spec.addProperty(
                "gracePeriod", ConfigurationSpecs.write(configuration.spec().gracePeriod()));
        mirror.add("spec", dialect.shownSpec(spec));
        return mirror;
    }

    /// Has the registry tell the Configuration's owner whether it is shown, if it does not do so already.
    ///
    /// @param fault null if it is
    public void tell(Configuration configuration, @Nullable MirrorFault fault) {
        if (!Objects.equals(configuration.status().mirrorFault(), fault)) {
            ConfigurationKey key = configuration.key();
            reports.report(key.group(), key.namespace(), key.name(), new MirrorReport(fault));
        }
    }

    /// Decides on a mirror whose Configuration the registry does not have: it was deleted there, or the registry is
    /// another than the one that had it and gets it back.
    ///
    /// @return whether the mirror should go
    public boolean isOrphan(ConfigurationKey key, JsonObject mirror) {
        if (isKnown(key)) {
            return false;
        }
        String epoch = Epoch.of(
                registry.list(key.group(), key.namespace(), null, 1, null).resourceVersion());
        if (epoch.equals(Json.text(mirror, "metadata", "annotations", EPOCH))) {
            return true;
        }
        Map<String, String> labels = Json.texts(mirror, "metadata", "labels");
        labels.remove(MANAGED_BY);
        registry.put(
                key.group(),
                key.namespace(),
                key.name(),
                new ConfigurationWrite(null, null, labels, specs.parse(mirror)));
        log.atInfo().addKeyValue("configuration", key).log("configuration given back to a registry that was rebuilt");
        return false;
    }

    private boolean isKnown(ConfigurationKey key) {
        try {
            registry.get(key.group(), key.namespace(), key.name());
            return true;
        } catch (RegistryProblem e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }
}
