package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The calls that change the cluster: server-side apply, always forced and by the same field manager, and
/// deletion. They throw [ApiRefusal] and [ApiUnreachable]. Thread-safe.
public final class ApiServer {

    /// The name under which all fields are owned.
    public static final String FIELD_MANAGER = "petiole";

    private static final MediaType APPLY = MediaType.get("application/apply-patch+yaml");
    private static final MediaType MERGE = MediaType.get("application/merge-patch+json");
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int MAX_CONCURRENT_CALLS = 16;

    private final ApiClient client;
    private final ClusterCache cache;
    private final MeterRegistry metrics;
    private final Semaphore calls = new Semaphore(MAX_CONCURRENT_CALLS);

    /// @param client with a read timeout
    /// @param cache is told what was written, so that it never shows less than the scheduler itself has done
    public ApiServer(ApiClient client, ClusterCache cache, MeterRegistry metrics) {
        this.client = client;
        this.cache = cache;
        this.metrics = metrics;
    }

    /// Makes the object be as `object` says, in full: fields that a former apply had and this one has not
    /// are removed.
    ///
    /// @return the object as it is now
    public JsonObject apply(ObjectKey key, JsonObject object) {
        JsonObject applied = call("apply", "PATCH", key, "", object, APPLY);
        cache.noteApplied(key, applied);
        return applied;
    }

    /// Has the API server say whether it would take the object, without making it.
    public void check(ObjectKey key, JsonObject object) {
        String path = key.resource().path(key.namespace(), key.name()) + "?dryRun=All";
        execute("check", key.resource().kind(), "PATCH", path, object, APPLY);
    }

    /// Overwrites the parts of an object that `object` speaks of, lists as a whole. Server-side apply can't take from a
    /// list what someone else has put there.
    ///
    /// @return the object as it is now
    public JsonObject overwrite(ObjectKey key, JsonObject object) {
        JsonObject patched = call("overwrite", "PATCH", key, "", object, MERGE);
        cache.noteApplied(key, patched);
        return patched;
    }

    /// The same for an object that the cache does not hold.
    public void overwriteAside(ObjectKey key, JsonObject object) {
        call("overwrite", "PATCH", key, "", object, MERGE);
    }

    /// @return the object as the API server has it, with all that the cache leaves out
    public Optional<JsonObject> find(ObjectKey key) {
        try {
            return Optional.of(call("get", "GET", key, "", null, JSON));
        } catch (ApiRefusal e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// @return all objects of a resource, with all that the cache leaves out; none if the cluster has no
    ///     such resource
    public List<JsonObject> list(Resource resource) {
        try {
            JsonObject list = execute("get", resource.kind(), "GET", resource.path(null), null, JSON);
            List<JsonObject> items = Json.objects(list, "items");
            // Items of a list don't say what they are, since the list does.
            items.forEach(item -> {
                item.addProperty("apiVersion", resource.apiVersion());
                item.addProperty("kind", resource.kind());
            });
            return items;
        } catch (ApiRefusal e) {
            if (e.status() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    /// Overwrites the parts of an object's status that `object` speaks of.
    public void overwriteStatus(ObjectKey key, JsonObject object) {
        call("overwriteStatus", "PATCH", key, "/status", object, MERGE);
    }

    /// Makes the object's status be as `object` says.
    public void applyStatus(ObjectKey key, JsonObject object) {
        JsonObject applied = call("applyStatus", "PATCH", key, "/status", object, APPLY);
        cache.noteApplied(key, applied);
    }

    /// Deletes the object if it still is the one with this UID; its dependents follow by garbage
    /// collection. That it is not there, or is another one, is no error.
    public void delete(ObjectKey key, String uid) {
        delete(key, uid, "Background");
    }

    /// The same, but the object itself is the last to go.
    public void deleteWithDependents(ObjectKey key, String uid) {
        delete(key, uid, "Foreground");
    }

    private void delete(ObjectKey key, String uid, String propagation) {
        var preconditions = new JsonObject();
        preconditions.addProperty("uid", uid);
        var options = new JsonObject();
        options.addProperty("apiVersion", "v1");
        options.addProperty("kind", "DeleteOptions");
        options.addProperty("propagationPolicy", propagation);
        options.add("preconditions", preconditions);
        try {
            call("delete", "DELETE", key, "", options, JSON);
        } catch (ApiRefusal e) {
            if (e.status() != 404 && e.status() != 409) {
                throw e;
            }
            cache.noteGone(key, uid);
            return;
        }
        cache.noteDeleted(key, uid);
    }

    /// Adds an Event (core/v1).
    public void createEvent(JsonObject event) {
        String path = "/api/v1/namespaces/" + Json.text(event, "metadata", "namespace") + "/events";
        execute("create", "Event", "POST", path, event, JSON);
    }

    /// @return the UID of the namespace, which for `kube-system` is taken as the cluster's own
    public String namespaceUid(String namespace) {
        JsonObject found = execute("get", "Namespace", "GET", "/api/v1/namespaces/" + namespace, null, JSON);
        return Json.text(found, "metadata", "uid");
    }

    /// @param selector of labels; empty for all
    /// @return all objects of the resource, in all namespaces
    public List<JsonObject> list(Resource resource, String selector) {
        String path = resource.path(null)
                + (selector.isEmpty() ? "" : "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8));
        return Json.objects(execute("list", resource.kind(), "GET", path, null, JSON), "items");
    }

    /// @return whether the API server knows this resource
    public boolean serves(Resource resource) {
        try {
            JsonObject known = execute("get", "APIResourceList", "GET", resource.groupPath(), null, JSON);
            return Json.objects(known, "resources").stream()
                    .anyMatch(one -> Json.text(one, "name").equals(resource.plural()));
        } catch (ApiRefusal e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    private JsonObject call(
            String verb, String method, ObjectKey key, String subresource, @Nullable JsonObject body, MediaType type) {
        String namespace = key.namespace().isEmpty() ? null : key.namespace();
        String path = key.resource().path(namespace, key.name()) + subresource;
        return execute(verb, key.resource().kind(), method, path, body, type);
    }

    private JsonObject execute(
            String verb, String kind, String method, String path, @Nullable JsonObject body, MediaType type) {
        metrics.counter("petiole.kubernetes.requests", "verb", verb, "kind", kind)
                .increment();
        calls.acquireUninterruptibly();
        try (Response response = client.getHttpClient()
                .newCall(request(method, path, body, type))
                .execute()) {
            String text = response.body().string();
            if (!response.isSuccessful()) {
                throw refusal(response.code(), text);
            }
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (IOException | ApiException e) {
            throw new ApiUnreachable(method + " " + path + ": " + e, e);
        } finally {
            calls.release();
        }
    }

    private Request request(String method, String path, @Nullable JsonObject body, MediaType type) throws ApiException {
        List<Pair> query = new ArrayList<>();
        if (type.equals(APPLY)) {
            query.add(new Pair("force", "true"));
        }
        if (type.equals(APPLY) || type.equals(MERGE)) {
            query.add(new Pair("fieldManager", FIELD_MANAGER));
        }
        var headers = new HashMap<String, String>();
        headers.put("Accept", "application/json");
        Request request = client.buildRequest(
                null,
                path,
                method,
                query,
                List.of(),
                null,
                headers,
                new HashMap<>(),
                new HashMap<>(),
                new String[] {"BearerToken"},
                null);
        if (body == null) {
            return request;
        }
        return request.newBuilder()
                .method(method, RequestBody.create(body.toString(), type))
                .build();
    }

    private static ApiRefusal refusal(int status, String text) {
        try {
            JsonElement answer = JsonParser.parseString(text);
            String message = Json.text(answer, "message");
            return new ApiRefusal(status, Json.text(answer, "reason"), message.isEmpty() ? text : message);
        } catch (JsonParseException _) {
            // A proxy's page rather than a Status: show it as it is.
            return new ApiRefusal(status, "", text);
        }
    }
}
