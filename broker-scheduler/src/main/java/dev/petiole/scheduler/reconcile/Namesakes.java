package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Configurations of one name in several namespaces, where a name can be had only once: it belongs to the
/// oldest.
final class Namesakes {

    private static final Comparator<JsonObject> OLDEST_FIRST = Comparator.comparing(
                    (JsonObject object) -> Json.text(object, "metadata", "creationTimestamp"))
            .thenComparing(Namesakes::namespace);

    private final Dialect dialect;
    private final ClusterCache cache;

    Namesakes(Dialect dialect, ClusterCache cache) {
        this.dialect = dialect;
        this.cache = cache;
    }

    /// @return the namespaces that have a Configuration of this name; none where names may be equal
    List<String> namespaces(String name) {
        return named(name).stream().map(Namesakes::namespace).toList();
    }

    /// @return the namespace whose Configuration has this one's name by right
    Optional<String> findOwner(JsonObject configuration) {
        return named(Json.text(configuration, "metadata", "name")).stream()
                .filter(object -> Json.at(object, "metadata", "deletionTimestamp") == null)
                .min(OLDEST_FIRST)
                .map(Namesakes::namespace)
                .filter(owner -> !owner.equals(namespace(configuration)));
    }

    private List<JsonObject> named(String name) {
        if (!dialect.isNameForWholeCluster()) {
            return List.of();
        }
        return cache.list(dialect.configurations()).stream()
                .filter(object -> Json.text(object, "metadata", "name").equals(name))
                .toList();
    }

    private static String namespace(JsonObject configuration) {
        return Json.text(configuration, "metadata", "namespace");
    }
}
