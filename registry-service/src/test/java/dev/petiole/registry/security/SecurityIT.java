package dev.petiole.registry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.caller.Me;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who may do what where Kubernetes tells callers apart. The API server here answers TokenReviews as the real one does;
/// the end-to-end tests ask a real one.
class SecurityIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DISCOVERY = "system:serviceaccount:petiole:petiole-discovery-service";
    private static final String SCHEDULER = "system:serviceaccount:petiole:petiole-broker-scheduler";
    private static final LeaseRequest LEASE = new LeaseRequest(null, List.of());
    private static final AtomicInteger REVIEWS = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static HttpServer apiServer;
    private static RunningRegistry registry;

    @BeforeAll
    static void start() throws IOException {
        apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        apiServer.createContext("/apis/authentication.k8s.io/v1/tokenreviews", SecurityIT::review);
        apiServer.createContext("/apis/authorization.k8s.io/v1/subjectaccessreviews", SecurityIT::reviewAccess);
        apiServer.start();
        Path token = Files.writeString(directory.resolve("token"), "the-registry's-own");
        registry = RunningRegistry.start(
                directory,
                "petiole.security.mode=kubernetes",
                "petiole.security.kubernetes.scheme=http",
                "petiole.security.kubernetes.host=127.0.0.1",
                "petiole.security.kubernetes.port=" + apiServer.getAddress().getPort(),
                "petiole.security.kubernetes.token-file=" + token,
                "petiole.security.subjects.viewers=system:serviceaccount:shop:portal",
                "petiole.security.subjects.operators=group:technicians",
                "petiole.security.subjects.admins=ada");
    }

    @AfterAll
    static void stop() {
        registry.close();
        apiServer.stop(0);
    }

    @Test
    void aDiscoveryServiceSpeaksForItsOwnNodeAlone() {
        RegistryClient agent = as("agent-on-n1");

        assertThat(agent.agents().renewLease("n1", LEASE).session()).isNotEmpty();
        assertRefused(() -> agent.agents().renewLease("n2", LEASE), 403, "forbidden");
        assertRefused(() -> as("agent-without-node").agents().renewLease("n1", LEASE), 403, "forbidden");
        assertRefused(() -> as("somebody-on-n1").agents().renewLease("n1", LEASE), 403, "forbidden");
        assertRefused(() -> as("scheduler").agents().renewLease("n1", LEASE), 403, "forbidden");
    }

    @Test
    void onlyTheSchedulerWritesConfigurationsAndTheCluster() {
        as("scheduler").nodes().putCluster(new ClusterFacts("cluster", Map.of()));
        put(as("scheduler"));

        assertRefused(() -> put(as("agent-on-n1")), 403, "forbidden");
        assertRefused(
                () -> as("agent-on-n1").nodes().putCluster(new ClusterFacts("cluster", Map.of())), 403, "forbidden");
        assertRefused(
                () -> as("agent-on-n1")
                        .configurations()
                        .delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null),
                403,
                "forbidden");
        as("scheduler").configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null);
    }

    /// Whoever writes back what was read says its UID too, and is not taken for the cluster.
    @Test
    void aPersonDoesNotSayWhatIsInTheCluster() {
        RegistryClient ada = as("ada");
        put(as("scheduler"));
        assertRefused(() -> put(ada), 409, "managed-by-kubernetes");
        assertRefused(
                () -> ada.configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", "*"),
                409,
                "managed-by-kubernetes");
        as("scheduler").configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null);

        put(ada);

        Configuration made = ada.configurations().get(ConfigurationKey.PETIOLE, "default", "scales");
        assertThat(made.managedBy()).isEqualTo(ManagedBy.REGISTRY);
        assertThat(made.uid()).isNotEqualTo("uid");
        ada.configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", null, "*");
    }

    @Test
    void whoeverWritesMustSayWhoTheyAre() {
        RegistryClient nobody = registry.client();

        assertRefused(() -> put(nobody), 401, "unauthorized");
        assertRefused(() -> nobody.agents().renewLease("n1", LEASE), 401, "unauthorized");
        assertRefused(() -> put(as("invalid")), 401, "unauthorized");
        assertRefused(() -> put(as("scheduler-for-another-audience")), 401, "unauthorized");
    }

    @Test
    void nobodyReadsWithoutARole() {
        assertRefused(() -> devices(registry.client()), 401, "unauthorized");
        assertRefused(() -> devices(as("invalid")), 401, "unauthorized");
        assertRefused(() -> devices(as("somebody-on-n1")), 403, "forbidden");
        assertRefused(() -> as("somebody-on-n1").nodes().list(null, null), 403, "forbidden");
    }

    @Test
    void whoHasAnyRoleOfPeopleReads() {
        for (String token : List.of("portal", "technician", "ada", "scheduler")) {
            assertThat(devices(as(token)).items()).isEmpty();
            assertThat(as(token).nodes().list(null, null).items()).isNotNull();
        }
    }

    @Test
    void anAgentReadsWhatConcernsItsNodeAlone() {
        RegistryClient agent = as("agent-on-n1");

        assertThat(agent.configurations().list(null, null, "n1", null, null).items())
                .isNotNull();
        assertRefused(() -> agent.configurations().list(null, null, "n2", null, null), 403, "forbidden");
        assertRefused(() -> agent.configurations().list(null, null, null, null, null), 403, "forbidden");
        assertRefused(() -> agent.nodes().list(null, null), 403, "forbidden");
    }

    @Test
    void onlyAnAdminWritesConfigurationsOfTheRegistry() throws Exception {
        assertRefused(() -> put(as("portal")), 403, "forbidden");
        assertRefused(() -> put(as("technician")), 403, "forbidden");
        assertThat(statusAs("ada", "DELETE", "/api/v1/configurations/petiole.dev/shop/none"))
                .isNotEqualTo(403);
    }

    /// Invariant 8: not even an admin of the registry. Ada may create Pods and read the Secret `own` in the namespace
    /// lab.
    @Test
    void nobodyGetsMoreThroughAConfigurationThanTheyCouldCreateThemselves() throws Exception {
        String pods = "\"brokerSpec\": {\"brokerPodSpec\": {\"containers\": []}}";
        String secret = "\"discoveryHandler\": {\"name\": \"x\", \"discoveryProperties\": [{\"name\": \"p\","
                + " \"valueFrom\": {\"secretKeyRef\": {\"name\": \"%s\", \"key\": \"k\"}}}]}";
        String handler = "\"discoveryHandler\": {\"name\": \"x\"}";

        assertThat(putAs("ada", "shop", handler).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = putAs("ada", "shop", handler + ", " + pods);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .contains("spec.brokerSpec.brokerPodSpec: ada may not create pods in the namespace shop")
                .contains("remedy");
        assertThat(putAs("ada", "shop", handler + ", \"instanceServiceSpec\": {\"ports\": [{\"port\": 80}]}")
                        .body())
                .contains("ada may not create services");
        assertThat(putAs("ada", "lab", handler + ", " + pods).statusCode()).isEqualTo(200);

        assertThat(putAs("ada", "lab", secret.formatted("others")).body())
                .contains("ada may not get secrets others in the namespace lab");
        assertThat(putAs("ada", "lab", secret.formatted("own")).statusCode()).isEqualTo(200);

        HttpResponse<String> patched =
                send(HttpRequest.newBuilder(registry.uri().resolve("/api/v1/configurations/petiole.dev/shop/theirs"))
                        .header("Authorization", "Bearer ada")
                        .header("If-Match", "*")
                        .header("Content-Type", "application/merge-patch+json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"spec\": {" + pods + "}}"))
                        .build());
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(403);
    }

    private HttpResponse<String> putAs(String token, String namespace, String spec) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        registry.uri().resolve("/api/v1/configurations/petiole.dev/" + namespace + "/theirs"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"spec\": {" + spec + "}}"));
        if (statusAs("ada", "GET", "/api/v1/configurations/petiole.dev/" + namespace + "/theirs") == 200) {
            request.header("If-Match", "*");
        }
        return send(request.build());
    }

    private static void reviewAccess(HttpExchange exchange) throws IOException {
        JsonNode spec = JSON.readTree(exchange.getRequestBody()).path("spec");
        assertThat(spec.path("user").asString()).isEqualTo("ada");
        JsonNode asked = spec.path("resourceAttributes");
        String what = asked.path("verb").asString() + " "
                + asked.path("resource").asString() + " "
                + asked.path("namespace").asString() + "/" + asked.path("name").asString("");
        boolean isAllowed = List.of("create pods lab/", "get secrets lab/own").contains(what);
        byte[] body =
                JSON.writeValueAsBytes(Map.of("kind", "SubjectAccessReview", "status", Map.of("allowed", isAllowed)));
        exchange.sendResponseHeaders(201, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void whatIsNotAllowedIsForbidden() throws Exception {
        assertThat(statusAs("ada", "POST", "/api/v1/no-such-thing")).isEqualTo(403);
        assertThat(statusAs("ada", "DELETE", "/api/v1/agents/n1/lease")).isEqualTo(403);
    }

    @Test
    void healthAndMetricsAreOpenToTheKubeletAndABackupIsNot() throws Exception {
        for (String path : List.of("/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus")) {
            assertThat(send(HttpRequest.newBuilder(registry.managementUri().resolve(path))
                                    .build())
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(send(HttpRequest.newBuilder(registry.managementUri().resolve("/actuator/backup"))
                                .build())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void theDocumentIsOpenToAll() throws Exception {
        assertThat(get("/v3/api-docs").statusCode()).isEqualTo(200);
        assertThat(get("/swagger-ui.html").statusCode()).isLessThan(400);
    }

    @Test
    void answersTellBrowsersToTrustNothingElse() throws Exception {
        HttpResponse<String> answer = get("/v3/api-docs");

        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'self'"));
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.headers().map()).doesNotContainKey("Access-Control-Allow-Origin");
    }

    @Test
    void everybodyCanAskWhoTheyAreAndWhatTheyMayDo() {
        Me scheduler = as("scheduler").caller().me();
        assertThat(scheduler.kind()).isEqualTo(Me.Kind.SERVICE);
        assertThat(scheduler.may())
                .contains(new Me.Permission("configurations", List.of("read", "create", "change", "remove")));

        Me agent = as("agent-on-n1").caller().me();
        assertThat(agent.node()).isEqualTo("n1");
        assertThat(agent.roles()).containsExactly("agent");
        assertThat(agent.may()).containsExactly(new Me.Permission("agents", List.of("report")));

        assertRefused(() -> registry.client().caller().me(), 401, "unauthorized");
        assertRefused(() -> as("invalid").caller().me(), 401, "unauthorized");
    }

    @Test
    void whenKubernetesCanNotBeAskedNobodyIsRefusedForGood() {
        assertRefused(() -> put(as("breaks-the-api-server")), 503, "authentication-unavailable");
    }

    @Test
    void aTokenIsReviewedOnce() {
        RegistryClient agent = as("agent-on-n1");
        agent.agents().renewLease("n1", LEASE);
        int before = REVIEWS.get();

        agent.agents().renewLease("n1", LEASE);

        assertThat(REVIEWS).hasValue(before);
    }

    private static void review(HttpExchange exchange) throws IOException {
        REVIEWS.incrementAndGet();
        JsonNode review = JSON.readTree(exchange.getRequestBody());
        assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer the-registry's-own");
        Map<String, Object> status = switch (review.path("spec").path("token").asString()) {
            case "agent-on-n1" -> valid(DISCOVERY, "n1");
            case "agent-without-node" -> valid(DISCOVERY, null);
            case "somebody-on-n1" -> valid("system:serviceaccount:default:default", "n1");
            case "scheduler" -> valid(SCHEDULER, "n1");
            case "portal" -> valid("system:serviceaccount:shop:portal", null);
            case "technician" -> valid("tom", null, "technicians", "system:authenticated");
            case "ada" -> valid("ada", null);
            case "scheduler-for-another-audience" ->
                Map.of("authenticated", true, "user", Map.of("username", SCHEDULER));
            default -> Map.of("user", Map.of(), "error", "invalid bearer token");
        };
        boolean breaks = review.path("spec").path("token").asString().startsWith("breaks");
        byte[] body = JSON.writeValueAsBytes(Map.of("kind", "TokenReview", "status", status));
        exchange.sendResponseHeaders(breaks ? 500 : 201, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, Object> valid(String username, @Nullable String node, String... groups) {
        Map<String, Object> extra =
                node == null ? Map.of() : Map.of("authentication.kubernetes.io/node-name", List.of(node));
        return Map.of(
                "authenticated",
                true,
                "audiences",
                List.of("petiole-registry"),
                "user",
                Map.of("username", username, "groups", List.of(groups), "extra", extra));
    }

    private static ListPage<Device> devices(RegistryClient client) {
        return client.devices().list(null, null, null, null, null, null);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(registry.uri().resolve(path)).build());
    }

    private static int statusAs(String token, String method, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(registry.uri().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + token)
                        .build())
                .statusCode();
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static RegistryClient as(String token) {
        Credentials credentials = () -> Optional.of(token);
        return registry.client(credentials);
    }

    private static void put(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }

    private static void assertRefused(ThrowingCallable call, int status, String type) {
        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(call)
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(type));
    }
}
