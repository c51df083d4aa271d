package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesListObject;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A copy of the objects that the scheduler cares about, kept up to date by informers. It shows the
/// scheduler's own writes at once, before their echo has come back, so that no decision is taken twice.
/// Thread-safe.
public final class ClusterCache implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterCache.class);
    private static final String BY_OWNER = "owner";

    private final ApiClient client;
    private final Selection selection;
    private final Map<Resource, SharedIndexInformer<DynamicKubernetesObject>> informers = new LinkedHashMap<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final OwnWrites ownWrites = new OwnWrites(this::neverEchoed);

    /// @param client without a read timeout, since watches may be silent for long
    public ClusterCache(ApiClient client, Selection selection) {
        this.client = client;
        this.selection = selection;
        selection.roots().forEach(resource -> informers.put(resource, informer(resource, null)));
        Resource.CHILDREN.forEach(resource -> informers.put(resource, informer(resource, selection.childSelector())));
        selection.extras().forEach(resource -> informers.put(resource, informer(resource, selection.childSelector())));
        Resource.DYNAMIC.forEach(resource -> informers.put(resource, informer(resource, selection.childSelector())));
    }

    /// Which objects are watched and how they are grouped.
    ///
    /// @param roots resources of which all objects are watched: Configurations, Instances, perhaps Nodes
    /// @param childSelector the labels of Pods, Services, Jobs and all else that is made for devices
    /// @param ownerOf that by which [#find] groups objects: of what an object is a part
    /// @param extras resources that a cluster may have or not
    public record Selection(
            List<Resource> roots, String childSelector, Function<JsonObject, String> ownerOf, Set<Resource> extras) {
        public Selection {
            roots = List.copyOf(roots);
            extras = Set.copyOf(extras);
        }
    }

    /// An object that was added, changed or deleted. One that changed its owner label comes twice, as it
    /// was and as it is.
    public record Change(Resource resource, JsonObject object, boolean isDeleted) {
        public ObjectKey key() {
            return ObjectKey.of(resource, object);
        }
    }

    /// Calls `listener` with each change; it must only note what there is to do.
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    /// Begins to list and watch all but what [#startDynamic] does.
    public void start() {
        informers.keySet().stream()
                .filter(resource -> !Resource.DYNAMIC.contains(resource))
                .forEach(this::start);
    }

    /// Begins to list and watch the resources of Dynamic Resource Allocation, which the cluster must have.
    public void startDynamic() {
        Resource.DYNAMIC.forEach(this::start);
    }

    private void start(Resource resource) {
        SharedIndexInformer<DynamicKubernetesObject> informer = informerOf(resource);
        Thread.ofVirtual().name("informer-" + resource.kind()).start(informer::run);
    }

    /// @return whether everything has been listed in full at least once; before that absence means nothing.
    ///     Resources that a cluster need not have are not waited for.
    public boolean isSynced() {
        return selection.roots().stream().allMatch(this::isSynced)
                && Resource.CHILDREN.stream().allMatch(this::isSynced);
    }

    /// @return whether all objects of this resource have been listed in full at least once
    public boolean isSynced(Resource resource) {
        SharedIndexInformer<DynamicKubernetesObject> informer = informers.get(resource);
        return informer != null && informer.hasSynced();
    }

    /// @return the resources that a cluster may have or not, and which are watched if it does
    public Set<Resource> extras() {
        return selection.extras();
    }

    /// @return the object
    public Optional<JsonObject> find(ObjectKey key) {
        DynamicKubernetesObject cached = informerOf(key.resource()).getIndexer().getByKey(indexKey(key));
        JsonObject object = cached == null ? null : cached.getRaw();
        return Optional.ofNullable(ownWrites.overlay(key, object));
    }

    /// @return the object, if its resource is watched and it is there
    public Optional<JsonObject> findIfWatched(ObjectKey key) {
        return informers.containsKey(key.resource()) ? find(key) : Optional.empty();
    }

    /// @return all objects of the resource whose owner label has this value
    public List<JsonObject> find(Resource resource, String namespace, String owner) {
        return overlaid(
                resource,
                informerOf(resource).getIndexer().byIndex(BY_OWNER, namespace + "/" + owner),
                object ->
                        namespace.equals(Json.text(object, "metadata", "namespace")) && owner.equals(ownerOf(object)));
    }

    /// @return all objects of the resource
    public List<JsonObject> list(Resource resource) {
        return overlaid(resource, informerOf(resource).getIndexer().list(), _ -> true);
    }

    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::stop);
    }

    void noteApplied(ObjectKey key, JsonObject object) {
        DynamicKubernetesObject cached = informerOf(key.resource()).getIndexer().getByKey(indexKey(key));
        if (cached == null || OwnWrites.version(cached.getRaw()) < OwnWrites.version(object)) {
            ownWrites.applied(key, strip(object));
        }
    }

    void noteDeleted(ObjectKey key, String uid) {
        find(key)
                .filter(object -> uid.equals(Json.text(object, "metadata", "uid")))
                .ifPresent(object -> ownWrites.deleted(key, object));
    }

    /// The object with this UID is gone already.
    void noteGone(ObjectKey key, String uid) {
        ownWrites.gone(key, uid);
    }

    private List<JsonObject> overlaid(
            Resource resource, Collection<DynamicKubernetesObject> cached, Predicate<JsonObject> filter) {
        List<JsonObject> objects = new ArrayList<>(cached.size());
        for (DynamicKubernetesObject object : cached) {
            objects.add(object.getRaw());
        }
        return ownWrites.overlay(resource, objects, filter);
    }

    private static String indexKey(ObjectKey key) {
        return key.namespace().isEmpty() ? key.name() : key.namespace() + "/" + key.name();
    }

    private SharedIndexInformer<DynamicKubernetesObject> informerOf(Resource resource) {
        SharedIndexInformer<DynamicKubernetesObject> informer = informers.get(resource);
        if (informer == null) {
            throw new IllegalStateException("resource: " + resource + " (expected: one with an informer)");
        }
        return informer;
    }

    private SharedIndexInformer<DynamicKubernetesObject> informer(Resource resource, @Nullable String selector) {
        BiConsumer<Class<DynamicKubernetesObject>, Throwable> onError = (_, error) -> log.atWarn()
                .addKeyValue("kind", resource.kind())
                .addKeyValue("error", String.valueOf(error))
                .log("watch of the cluster was cut off");
        var informer = new DefaultSharedIndexInformer<DynamicKubernetesObject, DynamicKubernetesListObject>(
                DynamicKubernetesObject.class,
                new LabelledListerWatcher(client, resource, selector),
                0,
                new Cache<>(),
                onError);
        informer.setTransform(
                object -> new DynamicKubernetesObject(strip(((DynamicKubernetesObject) object).getRaw())));
        informer.addIndexers(Map.of(BY_OWNER, object -> {
            JsonObject raw = object.getRaw();
            return List.of(Json.text(raw, "metadata", "namespace") + "/" + ownerOf(raw));
        }));
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(DynamicKubernetesObject object) {
                changed(resource, object, false);
            }

            @Override
            public void onUpdate(DynamicKubernetesObject before, DynamicKubernetesObject object) {
                if (!ownerOf(before.getRaw()).equals(ownerOf(object.getRaw()))) {
                    listeners.forEach(listener -> listener.accept(new Change(resource, before.getRaw(), false)));
                }
                changed(resource, object, false);
            }

            @Override
            public void onDelete(DynamicKubernetesObject object, boolean isFinalStateUnknown) {
                changed(resource, object, true);
            }
        });
        return informer;
    }

    /// What was decided on the ground of that write must be decided anew.
    private void neverEchoed(ObjectKey key, JsonObject written) {
        listeners.forEach(listener -> listener.accept(new Change(key.resource(), written, false)));
    }

    private void changed(Resource resource, DynamicKubernetesObject object, boolean isDeleted) {
        JsonObject raw = object.getRaw();
        ownWrites.echoed(ObjectKey.of(resource, raw), raw, isDeleted);
        listeners.forEach(listener -> listener.accept(new Change(resource, raw, isDeleted)));
    }

    private String ownerOf(JsonObject object) {
        return selection.ownerOf().apply(object);
    }

    /// Who wrote an Instance tells whether it has been taken over; what each one wrote would only fill the
    /// memory.
    private static void keepManagers(JsonObject metadata) {
        var managers = new JsonArray();
        for (JsonObject entry : Json.objects(metadata, "managedFields")) {
            entry.remove("fieldsV1");
            entry.remove("time");
            managers.add(entry);
        }
        metadata.add("managedFields", managers);
    }

    // What is never looked at would only fill the memory.
    private static JsonObject strip(JsonObject object) {
        JsonObject metadata = Json.object(object, "metadata");
        if (object.has("kind") && Resource.isInstance(object)) {
            keepManagers(metadata);
        } else {
            metadata.remove("managedFields");
        }
        if (Resource.NODE.isOf(object)) {
            Json.object(object, "status").remove("images");
            metadata.remove("annotations");
        }
        return object;
    }
}
