package dev.petiole.e2e.documentation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node of a cluster as the registry hears of it: it offers `debugEcho`, which finds what a Configuration describes.
final class ReportingNode implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NODE = "node-1";
    private static final String HANDLER = "debugEcho";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI registry;

    ReportingNode(URI registry) {
        this.registry = registry;
    }

    /// Finds a device for each description.
    void find(String configuration, String... descriptions) throws IOException, InterruptedException {
        JsonNode wanted = send("GET", "configurations/petiole.dev/default/" + configuration, Map.of());
        send(
                "PUT",
                "cluster",
                Map.of(
                        "clusterUid",
                        "documented",
                        "nodes",
                        Map.of(
                                NODE,
                                Map.of(
                                        "uid",
                                        NODE,
                                        "bootId",
                                        NODE,
                                        "labels",
                                        Map.of(),
                                        "ready",
                                        true,
                                        "outOfService",
                                        false,
                                        "offersDevices",
                                        true))));
        String session = send(
                        "PUT",
                        "agents/" + NODE + "/lease",
                        Map.of("handlers", List.of(Map.of("name", HANDLER, "shared", true))))
                .path("session")
                .asString();
        send(
                "PUT",
                "agents/" + NODE + "/observations",
                Map.of(
                        "session",
                        session,
                        "sequence",
                        1,
                        "configuration",
                        wanted.path("key"),
                        "configurationUid",
                        wanted.path("uid"),
                        "generation",
                        wanted.path("generation"),
                        "handler",
                        HANDLER,
                        "shared",
                        true,
                        "state",
                        "Running",
                        "devices",
                        List.of(descriptions).stream()
                                .map(ReportingNode::device)
                                .toList()));
    }

    private static Map<String, Object> device(String description) {
        return Map.of(
                "identity", description, "properties", Map.of("DEBUG_ECHO_DESCRIPTION", description, "VENDOR", "Acme"));
    }

    private JsonNode send(String method, String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(registry.resolve("/api/v1/" + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body().isEmpty() ? "null" : response.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
