package dev.petiole.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever is sent, the answer is a problem that names the field, never a failure.
class BadInputIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONFIGURATION = "PUT /api/v1/configurations/petiole.dev/default/scales";
    private static final String LEASE = "PUT /api/v1/agents/n1/lease";
    private static final String OBSERVATION = "PUT /api/v1/agents/n1/observations";
    private static final String CLAIM = "POST /api/v1/agents/n1/claims";
    private static final String USAGE = "PUT /api/v1/agents/n1/usage";
    private static final String HANDLERS = "PUT /api/v1/agents/n1/handlers";
    private static final String CLUSTER = "PUT /api/v1/cluster";

    private static final String VALID_OBSERVATION = """
            {"session": "s", "sequence": 1, "configurationUid": "u", "generation": 1, "handler": "h", "shared": true,
             "configuration": {"group": "petiole.dev", "namespace": "default", "name": "scales"},
             "state": "Running", "devices": [{"identity": "a", "properties": {}}]}""";

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        registry.close();
        http.close();
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                bad(CONFIGURATION, "", "body"),
                bad(CONFIGURATION, "{", "body"),
                bad(CONFIGURATION, "[]", "body"),
                bad(CONFIGURATION, "{}", "spec"),
                bad(CONFIGURATION, spec(""), "spec.discoveryHandler"),
                bad(CONFIGURATION, "{\"spec\": {\"discoveryHandler\": {}}}", "spec.discoveryHandler.name"),
                bad(CONFIGURATION, spec("\"capacity\": 0"), "spec.capacity"),
                bad(CONFIGURATION, spec("\"capacity\": 1001"), "spec.capacity"),
                bad(CONFIGURATION, spec("\"capacity\": 99999999999"), "spec.capacity"),
                bad(CONFIGURATION, spec("\"capacity\": \"many\""), "spec.capacity"),
                bad(CONFIGURATION, spec("\"capacity\": {}"), "spec.capacity"),
                bad(CONFIGURATION, spec("\"gracePeriod\": \"soon\""), "spec.gracePeriod"),
                bad(CONFIGURATION, spec("\"nodeSelector\": []"), "spec.nodeSelector"),
                bad(CONFIGURATION, spec("\"nodeSelector\": {\"zone\": null}"), "spec"),
                bad(CONFIGURATION, spec("\"admission\": \"Perhaps\""), "spec.admission"),
                bad(CONFIGURATION, handled("\"gracePeriod\": \"PT-1S\""), "spec.gracePeriod"),
                bad(CONFIGURATION, handled("\"brokerSpec\": {\"per\": \"Device\"}"), "spec.brokerSpec"),
                bad(CONFIGURATION, handled("\"brokerSpec\": {\"brokerPodSpec\": {}, \"x\": 1}"), "spec.brokerSpec"),
                bad(CONFIGURATION, handled("\"consumers\": {}"), "spec.consumers.namespaces"),
                bad(CONFIGURATION, handled("\"consumers\": [\"a\"]"), "spec.consumers"),
                bad(CONFIGURATION, handled("\"consumers\": {\"namespaces\": [null]}"), "spec.consumers.namespaces"),
                bad(
                        CONFIGURATION,
                        handled("\"consumers\": {\"namespaces\": [\"a\", \"a,b\"]}"),
                        "spec.consumers.namespaces[1]"),
                bad(CONFIGURATION, handled("\"deviceResources\": \"None\""), "spec.deviceResources"),
                bad(
                        CONFIGURATION,
                        handled("\"deviceResources\": \"ConfigurationOnly\", \"brokerSpec\": {\"brokerPodSpec\":"
                                + " {\"containers\": [{\"resources\": {\"limits\": {\"{{PLACEHOLDER}}\": \"1\"}}}]}}"),
                        "spec.deviceResources"),
                bad(CONFIGURATION, "{\"uid\": \"u\", " + handled("").substring(1), "generation"),
                bad(
                        CONFIGURATION,
                        "{\"uid\": \"u\", \"generation\": -1, " + handled("").substring(1),
                        "generation"),
                bad("PUT /api/v1/configurations/x/default/scales", handled(""), "group"),
                bad("PUT /api/v1/configurations/petiole.dev/De_fault/scales", handled(""), "namespace"),
                bad("PUT /api/v1/configurations/petiole.dev/default/" + "x".repeat(41), handled(""), "name"),
                bad("GET /api/v1/configurations/petiole.dev/default/X", "", "name"),
                bad(LEASE, "{}", "handlers"),
                bad(LEASE, "{\"handlers\": [null]}", "handlers"),
                bad(LEASE, "{\"handlers\": [{}]}", "handlers[0].shared"),
                bad(LEASE, "{\"handlers\": [{\"shared\": true}]}", "handlers[0].name"),
                bad(LEASE, "{\"handlers\": [], \"session\": \"" + "s".repeat(65) + "\"}", "session"),
                bad("PUT /api/v1/agents/N_1/lease", "{\"handlers\": []}", "node"),
                bad(OBSERVATION, "{}", "sequence"),
                bad(OBSERVATION, observation("\"session\"", "\"x\""), "session"),
                bad(OBSERVATION, observation("\"sequence\": 1", "\"sequence\": 0"), "sequence"),
                bad(OBSERVATION, observation("\"sequence\": 1", "\"sequence\": \"x\""), "sequence"),
                bad(OBSERVATION, observation("Running", "Walking"), "state"),
                bad(OBSERVATION, observation("\"a\"", "\"\""), "devices[0].identity"),
                bad(OBSERVATION, observation("\"a\"", "\"" + "a".repeat(5000) + "\""), "devices[0].identity"),
                bad(OBSERVATION, observation("\"properties\": {}", "\"x\": 1"), "devices[0].properties"),
                bad(OBSERVATION, observation("{}", "{\"a\": {}}"), "devices[0].properties.a"),
                bad(OBSERVATION, observation("{}", "{\"a\": \"" + "a".repeat(70_000) + "\"}"), "devices[0].properties"),
                bad(OBSERVATION, observation("petiole.dev", "akri"), "configuration.group"),
                bad(OBSERVATION, observation("\"h\"", "\"" + "h".repeat(254) + "\""), "handler"),
                bad(CLAIM, "{}", "usageSequence"),
                bad(CLAIM, "{\"usageSequence\": 0}", "session"),
                bad(CLAIM, "{\"session\": \"s\", \"usageSequence\": 0, \"device\": {\"group\": \"g\"}}", "device.name"),
                bad(USAGE, "{\"session\": \"s\", \"sequence\": 1}", "uses"),
                bad(USAGE, "{\"session\": \"s\", \"sequence\": 1, \"uses\": [{}]}", "uses[0].device"),
                bad(HANDLERS, "{\"session\": \"s\", \"sequence\": 1}", "handlers"),
                bad(HANDLERS, handlers("{}"), "handlers[0].shared"),
                bad(HANDLERS, handlers(handler("External", "Well", "")), "handlers[0].state"),
                bad(HANDLERS, handlers(handler("Odd", "Ready", "")), "handlers[0].kind"),
                bad(HANDLERS, handlers(handler("External", "Ready", "{}")), "handlers[0].endpoints[0].address"),
                bad(
                        HANDLERS,
                        handlers(handler("External", "Ready", "") + "," + handler("External", "Ready", "")),
                        "handlers[1].name"),
                bad(CLUSTER, "{}", "nodes"),
                bad(CLUSTER, "{\"clusterUid\": \"c\", \"nodes\": {\"n1\": {}}}", "nodes.n1.ready"),
                bad(CLUSTER, cluster(""), "nodes.n1.labels"),
                bad(CLUSTER, cluster(", \"labels\": {}"), "nodes.n1"),
                bad(CLUSTER, "{\"clusterUid\": \"" + "c".repeat(65) + "\", \"nodes\": {}}", "clusterUid"),
                bad("GET /api/v1/devices?limit=0", "", "limit"),
                bad("GET /api/v1/devices?limit=1001", "", "limit"),
                bad("GET /api/v1/devices?limit=x", "", "limit"),
                bad("GET /api/v1/nodes?cursor=x", "", "cursor"));
    }

    /// Even what never reaches a controller.
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/devices/a%2fb/c/d, 400",
        "GET, /api/v1/devices?a%C2%92=1, 400",
        "GET, /api/v1/devices/%00/c/d, 400",
        "GET, /api/v1/devices;x=1, 400",
        "GET, /api/v1/devices?=true, 400",
        "QUERY, /api/v1/devices, 405",
        "DELETE, /api/v1/devices, 405"
    })
    void aRequestThatIsNoneHereIsAProblemToo(String method, String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.uri() + path))
                .method(method, BodyPublishers.noBody())
                .build();

        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(JSON.readTree(response.body()).path("status").asInt()).isEqualTo(status);
    }

    @Test
    void aFormIsAnUnsupportedMediaType() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(registry.uri().resolve("/api/v1/inbox/decisions"))
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("--x"))
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void theAnswerNamesTheField(String request, String body, String field) throws Exception {
        HttpResponse<String> response = send(request, body, "application/json");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode problem = problem(response);
        assertThat(problem.path("type").asString()).isEqualTo("https://petiole.dev/problems/invalid-field");
        List<String> fields = problem.path("errors")
                .valueStream()
                .map(error -> error.path("field").asString())
                .toList();
        assertThat(fields).as(response.body()).contains(field);
        assertThat(problem.path("detail").asString()).doesNotContain("dev.petiole", "java.", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/devices; 405",
                "GET /api/v1/nothing; 404",
                "GET /api/v1/nodes/none; 404",
                "GET /api/v1/devices/petiole.dev/default/none; 404",
                "GET /api/v1/configurations/petiole.dev/default/none; 404"
            })
    void whatIsNotThereIsAProblemToo(String requestAndStatus) throws Exception {
        String[] parts = requestAndStatus.split("; ");

        HttpResponse<String> response = send(parts[0], "{}", "application/json");

        assertThat(response.statusCode()).isEqualTo(Integer.parseInt(parts[1]));
        problem(response);
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> response = send(LEASE, "a: b", "application/toml");

        assertThat(response.statusCode()).isEqualTo(415);
        problem(response);
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        String large = handled("\"brokerSpec\": {\"brokerPodSpec\": {\"x\": \"" + "x".repeat(600_000) + "\"}}");
        assertThat(problem(send(CONFIGURATION, large, "application/json"))
                        .path("type")
                        .asString())
                .endsWith("too-large");

        byte[] huge = new byte[9 * 1024 * 1024];
        assertThat(problem(send(CONFIGURATION, BodyPublishers.ofByteArray(huge), "application/json"))
                        .path("status")
                        .asInt())
                .isEqualTo(413);
    }

    @Test
    void deletingWhatIsNotThereIsNoError() throws Exception {
        HttpResponse<String> response = send(CONFIGURATION.replace("PUT", "DELETE"), "", "application/json");

        assertThat(response.statusCode()).isEqualTo(204);
    }

    @Test
    void theDocumentAndSwaggerUiAreServedAndEveryOperationHasASummary() throws Exception {
        JsonNode document =
                JSON.readTree(send("GET /v3/api-docs", "", "application/json").body());
        List<JsonNode> operations = document.path("paths")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .toList();

        assertThat(operations).hasSizeGreaterThanOrEqualTo(26).allSatisfy(operation -> {
            assertThat(operation.path("summary").asString()).isNotBlank();
            assertThat(operation.path("responses").propertyNames())
                    .as(operation.path("summary").asString())
                    .contains("400", "500", "503", "default");
        });
        assertThat(operations)
                .extracting(operation -> operation.path("operationId").asString())
                .doesNotHaveDuplicates();
        JsonNode patch = document.at("/paths/~1api~1v1~1configurations~1{group}~1{namespace}~1{name}/patch");
        assertThat(patch.path("responses").propertyNames())
                .contains("200", "401", "403", "404", "409", "412", "413", "415", "428");
        assertThat(patch.at("/requestBody/content/application~1merge-patch+json/example/spec/capacity")
                        .asInt())
                .isEqualTo(2);
        assertThat(patch.at(
                                "/responses/428/content/application~1problem+json/examples/precondition-required/value/type")
                        .asString())
                .isEqualTo("https://petiole.dev/problems/precondition-required");
        assertThat(document.toString()).contains("Last-Event-ID").doesNotContain("x-refuses");
        assertThat(send("GET /swagger-ui/index.html", "", "application/json").statusCode())
                .isEqualTo(200);
    }

    private static String spec(String field) {
        return "{\"spec\": {" + field + "}}";
    }

    private static String handled(String field) {
        return spec("\"discoveryHandler\": {\"name\": \"debugEcho\"}" + (field.isEmpty() ? "" : ", " + field));
    }

    private static String cluster(String field) {
        return "{\"clusterUid\": \"c\", \"nodes\": {\"n1\": {\"ready\": true, \"outOfService\": false, \"offersDevices\": false"
                + field + "}}}";
    }

    private static String handlers(String handlers) {
        return "{\"session\": \"s\", \"sequence\": 1, \"handlers\": [" + handlers + "]}";
    }

    private static String handler(String kind, String state, String endpoint) {
        return "{\"name\": \"h\", \"shared\": true, \"kind\": \"" + kind + "\", \"state\": \"" + state
                + "\", \"endpoints\": [" + endpoint + "]}";
    }

    private static String observation(String valid, String bad) {
        return VALID_OBSERVATION.replace(valid, bad);
    }

    private static Arguments bad(String request, String body, String field) {
        return Arguments.of(request, body, field);
    }

    private static JsonNode problem(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> send(String request, String body, String contentType)
            throws IOException, InterruptedException {
        return send(request, BodyPublishers.ofString(body), contentType);
    }

    private static HttpResponse<String> send(String request, HttpRequest.BodyPublisher body, String contentType)
            throws IOException, InterruptedException {
        String[] methodAndPath = request.split(" ");
        return http.send(
                HttpRequest.newBuilder(registry.uri().resolve(methodAndPath[1]))
                        .header("Content-Type", contentType)
                        .method(methodAndPath[0], body)
                        .build(),
                BodyHandlers.ofString());
    }
}
