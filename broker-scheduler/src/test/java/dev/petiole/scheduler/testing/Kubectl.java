package dev.petiole.scheduler.testing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// What a person does with kubectl, strict validation included.
public final class Kubectl {

    private static final Gson JSON = new GsonBuilder().serializeNulls().create();

    private final ApiClient client;

    public Kubectl(Path kubeconfig) throws IOException {
        try (var reader = Files.newBufferedReader(kubeconfig)) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader))
                    .setReadTimeout(Duration.ofSeconds(20))
                    .build();
        }
    }

    /// An answer of the API server.
    public record Answer(int status, JsonObject body) {
        public String message() {
            JsonElement message = body.get("message");
            return message == null ? "" : message.getAsString();
        }
    }

    public Answer apply(String path, String yaml) {
        return call(
                "PATCH",
                path,
                json(yaml),
                "application/apply-patch+yaml",
                List.of(
                        new Pair("fieldManager", "kubectl"),
                        new Pair("fieldValidation", "Strict"),
                        new Pair("force", "true")));
    }

    /// Applies as a controller does that shares an object with others: under a name of its own, and without
    /// force.
    public Answer applyAs(String manager, String path, String yaml) {
        return call(
                "PATCH", path, json(yaml), "application/apply-patch+yaml", List.of(new Pair("fieldManager", manager)));
    }

    /// Makes a new object, as `kubectl apply` does where there is none.
    public Answer create(String path, String yaml) {
        return call(
                "POST",
                path,
                json(yaml),
                "application/json",
                List.of(new Pair("fieldManager", "kubectl"), new Pair("fieldValidation", "Strict")));
    }

    public Answer patch(String path, String json) {
        return call("PATCH", path, json, "application/merge-patch+json", List.of(new Pair("fieldManager", "edit")));
    }

    public Answer delete(String path) {
        return call("DELETE", path, null, "application/json", List.of());
    }

    /// Takes the object away as a kubelet does that has ended a Pod.
    public Answer deleteAtOnce(String path, String uid) {
        return call(
                "DELETE",
                path,
                "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"gracePeriodSeconds\": 0, \"preconditions\": {\"uid\": \"%s\"}}"
                        .formatted(uid),
                "application/json",
                List.of());
    }

    public Answer get(String path) {
        return call("GET", path, null, "application/json", List.of());
    }

    public List<JsonObject> list(String path) {
        List<JsonObject> items = new ArrayList<>();
        JsonArray array = get(path).body().getAsJsonArray("items");
        array.forEach(item -> items.add(item.getAsJsonObject()));
        return items;
    }

    /// What people leave empty is null, and is sent.
    private static String json(String yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return JSON.toJson(tree);
    }

    /// Watches the Pods of a namespace for as long as it is not closed.
    public PodWatch watchPods(String namespace) {
        try {
            var request = client.buildRequest(
                    null,
                    "/api/v1/namespaces/" + namespace + "/pods",
                    "GET",
                    List.of(new Pair("watch", "true")),
                    List.of(),
                    null,
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashMap<>(),
                    new String[] {"BearerToken"},
                    null);
            var http = client.getHttpClient()
                    .newBuilder()
                    .readTimeout(Duration.ZERO)
                    .build();
            return new PodWatch(() -> http.newCall(request));
        } catch (ApiException e) {
            throw new IllegalStateException(namespace, e);
        }
    }

    private Answer call(String method, String path, @Nullable String body, String type, List<Pair> query) {
        try {
            var request = client.buildRequest(
                    null,
                    path,
                    method,
                    query,
                    List.of(),
                    null,
                    new HashMap<>(),
                    new HashMap<>(),
                    new HashMap<>(),
                    new String[] {"BearerToken"},
                    null);
            var call = body == null
                    ? request
                    : request.newBuilder()
                            .method(method, RequestBody.create(body, MediaType.get(type)))
                            .build();
            try (Response response = client.getHttpClient().newCall(call).execute()) {
                return new Answer(
                        response.code(),
                        JsonParser.parseString(response.body().string()).getAsJsonObject());
            }
        } catch (IOException | ApiException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }
}
