package dev.petiole.registry.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the registry answers an API server that asks before it takes a Configuration. It shows no token, as an API
/// server doesn't.
class AdmissionIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        RegistryClient client = registry.client();
        String session = client.agents()
                .renewLease("n1", new LeaseRequest(null, List.of()))
                .session();
        Map<String, Object> schema = Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                Map.of("ports", Map.of("type", "array", "items", Map.of("type", "integer"))));
        client.agents()
                .reportHandlers(
                        "n1", new HandlerReport(session, 1, List.of(handler("scan", schema), handler("any", null))));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void detailsThatTheHandlersSchemaAllowsPass() throws Exception {
        JsonNode response = ask(configuration("scan", "ports: [80]"), null);

        assertThat(response.path("uid").asString()).isEqualTo("review-1");
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.has("warnings")).isFalse();
    }

    @Test
    void othersAreRefusedByTheirFields() throws Exception {
        JsonNode response = ask(configuration("scan", "ports: [80, x]\\nport: 1"), null);

        assertThat(response.path("allowed").asBoolean(true)).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(422);
        assertThat(response.at("/status/message").asString())
                .contains("scan")
                .contains("spec.discoveryHandler.discoveryDetails.ports[1] must be integer")
                .contains("spec.discoveryHandler.discoveryDetails.port is unknown (known here: ports)");
    }

    @Test
    void aHandlerWithoutASchemaTakesAnything() throws Exception {
        assertThat(ask(configuration("any", ": : no yaml"), null)
                        .path("allowed")
                        .asBoolean())
                .isTrue();
    }

    /// It may register later.
    @Test
    void aHandlerThatNoNodeOffersIsAWarning() throws Exception {
        JsonNode response = ask(configuration("zigbee", "{}"), null);

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.at("/warnings/0").asString())
                .contains("spec.discoveryHandler.name")
                .contains("zigbee")
                .contains("any, scan");
    }

    /// Its labels must stay editable, and it must be possible to take it away.
    @Test
    void whatIsWrongAlreadyIsNoReasonToRefuseAnotherChange() throws Exception {
        String wrong = configuration("scan", "ports: x");

        assertThat(ask(wrong, wrong).path("allowed").asBoolean()).isTrue();
        assertThat(ask("null", wrong).path("allowed").asBoolean()).isTrue();
        assertThat(ask(wrong, configuration("scan", "ports: []"))
                        .path("allowed")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void whatHasNoSuchShapeIsLeftToTheDefinitionsSchema() throws Exception {
        for (String object : List.of("{}", "{\"spec\": 1}", "{\"spec\": {\"discoveryHandler\": {\"name\": 3}}}")) {
            assertThat(ask(object, null).path("allowed").asBoolean()).as(object).isTrue();
        }
    }

    @Test
    void whatIsNoReviewIsAProblem() throws Exception {
        assertThat(post("{}").statusCode()).isEqualTo(400);
        assertThat(post("{}").body()).contains("request.uid");
        assertThat(post("[").statusCode()).isEqualTo(400);
    }

    private static ReportedHandler handler(String name, Map<String, Object> schema) {
        return new ReportedHandler(name, HandlerKind.BUILT_IN, true, HandlerState.READY, null, schema, List.of());
    }

    private static String configuration(String handler, String details) {
        return """
                {"apiVersion": "petiole.dev/v1alpha1", "kind": "Configuration",
                 "metadata": {"name": "things", "namespace": "shop"},
                 "spec": {"discoveryHandler": {"name": "%s", "discoveryDetails": "%s"}}}""".formatted(handler, details);
    }

    private static JsonNode ask(String object, String oldObject) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("""
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "review-1",
                 "kind": {"group": "petiole.dev", "version": "v1alpha1", "kind": "Configuration"},
                 "operation": "CREATE", "object": %s, "oldObject": %s}}""".formatted(object, oldObject));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode review = JSON.readTree(answer.body());
        assertThat(review.path("kind").asString()).isEqualTo("AdmissionReview");
        assertThat(review.path("apiVersion").asString()).isEqualTo("admission.k8s.io/v1");
        return review.path("response");
    }

    private static HttpResponse<String> post(String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(registry.uri().resolve("/admission/v1/configurations"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
