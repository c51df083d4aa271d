package dev.petiole.scheduler.configuration;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.client.RegistryUnreachable;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.registry.RegistryView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Brings Configurations from the cluster to the registry. The cluster owns them: the registry's copy is made to be
/// the same, and removed with the original. Thread-safe for different keys.
public final class ConfigurationImport {

    private static final Logger log = LoggerFactory.getLogger(ConfigurationImport.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(30);

    private final ConfigurationsApi registry;
    private final ConfigurationSpecs specs;
    private final Clock clock;
    // What the registry refused need not be sent to it with every change of a device.
    private final Map<ConfigurationKey, Refusal> refusals = new ConcurrentHashMap<>();

    public ConfigurationImport(ConfigurationsApi registry, JsonMapper json, Clock clock) {
        this.registry = registry;
        this.specs = new ConfigurationSpecs(json);
        this.clock = clock;
    }

    private record Refusal(String uid, long generation, String message, Instant askAgainAt) {}

    /// Makes the registry's copy be the same as `configuration`.
    ///
    /// @param known the registry's copy, if there is one
    /// @param isExposed whether the cluster has Instances of it
    public Verdict bringIn(
            ConfigurationKey key, JsonObject configuration, Optional<Configuration> known, boolean isExposed) {
        String uid = Json.text(configuration, "metadata", "uid");
        long generation = Json.number(configuration, "metadata", "generation");
        if (known.filter(copy -> isSame(copy, configuration, uid, generation)).isPresent()) {
            refusals.remove(key);
            return new Verdict.Accepted();
        }
        Refusal refusal = refusals.get(key);
        if (refusal != null
                && refusal.uid().equals(uid)
                && refusal.generation() == generation
                && clock.instant().isBefore(refusal.askAgainAt())) {
            return new Verdict.Refused(refusal.message());
        }
        Verdict verdict = put(key, configuration, isExposed);
        if (verdict instanceof Verdict.Refused(String message)) {
            refusals.put(
                    key, new Refusal(uid, generation, message, clock.instant().plus(ASK_AGAIN_AFTER)));
        } else {
            refusals.remove(key);
        }
        return verdict;
    }

    /// @return after which time it is worth asking the registry again
    public Optional<Duration> askAgainAfter(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted _ -> Optional.empty();
            case Verdict.Refused _, Verdict.NameTaken _ -> Optional.of(ASK_AGAIN_AFTER);
            case Verdict.Unasked _ -> Optional.of(Duration.ofSeconds(2));
        };
    }

    /// Removes the registry's copy of a Configuration that is no longer in the cluster. One made over REST has no
    /// original here, and stays.
    public void remove(RegistryView.Entry entry) {
        Configuration copy = entry.configuration();
        if (copy == null || copy.managedBy() != ManagedBy.KUBERNETES) {
            return;
        }
        ConfigurationKey key = copy.key();
        registry.delete(key.group(), key.namespace(), key.name(), copy.uid(), null);
        refusals.remove(key);
        log.atInfo().addKeyValue("configuration", key).log("configuration removed from the registry");
    }

    private Verdict put(ConfigurationKey key, JsonObject configuration, boolean isExposed) {
        String uid = Json.text(configuration, "metadata", "uid");
        long generation = Json.number(configuration, "metadata", "generation");
        try {
            registry.put(
                    key.group(),
                    key.namespace(),
                    key.name(),
                    new ConfigurationWrite(
                            uid, generation, labels(configuration), specs.parse(configuration), isExposed));
            log.atInfo()
                    .addKeyValue("configuration", key)
                    .addKeyValue("generation", generation)
                    .log("configuration brought to the registry");
            return new Verdict.Accepted();
        } catch (ConfigurationSpecs.Unreadable e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        } catch (RegistryProblem e) {
            if (e.type().equals("name-taken")) {
                return new Verdict.NameTaken(String.valueOf(e.getMessage()));
            }
            return isFaultOfContent(e)
                    ? new Verdict.Refused(String.valueOf(e.getMessage()))
                    : new Verdict.Unasked(String.valueOf(e.getMessage()));
        } catch (RegistryUnreachable e) {
            return new Verdict.Unasked("the registry can't be reached");
        }
    }

    private static boolean isFaultOfContent(RegistryProblem problem) {
        return problem.status() == 400
                || problem.status() == 422
                || (problem.status() == 409 && !problem.type().equals("wrong-cluster"));
    }

    private static Map<String, String> labels(JsonObject configuration) {
        return Json.texts(configuration, "metadata", "labels");
    }

    /// A change of labels alone does not raise the generation.
    private static boolean isSame(Configuration copy, JsonObject original, String uid, long generation) {
        return copy.managedBy() == ManagedBy.KUBERNETES
                && copy.uid().equals(uid)
                && copy.generation() == generation
                && copy.labels().equals(labels(original));
    }
}
