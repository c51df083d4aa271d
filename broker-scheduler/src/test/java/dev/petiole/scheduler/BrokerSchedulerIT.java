package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole scheduler between a real API server and a registry that says what the test wants.
@RequiresApiServer
class BrokerSchedulerIT {

    private static final String NAMESPACE = "broker-scheduler-it";
    private static final String NS = "/api/v1/namespaces/" + NAMESPACE;
    private static final String PETIOLE = "/apis/petiole.dev/v1alpha1/namespaces/" + NAMESPACE;
    private static final String SCALES = PETIOLE + "/configurations/scales";
    private static final ConfigurationKey KEY = ConfigurationKey.of(NAMESPACE, "scales");
    private static final String DEVICE = "scales-aaaaaaaaaa";

    private static Kubectl kubectl;
    private static List<String> nodes;
    private FakeRegistry registry;
    private ConfigurableApplicationContext scheduler;

    @BeforeAll
    static void prepare() {
        kubectl = TestCluster.get().kubectl();
        TestCluster.get().makeNamespace(NAMESPACE);
        nodes = TestCluster.get().nodes();
    }

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
        registry.answerFrom(nodes.stream()
                .map(node -> new NodeDiscovery(node, DiscoveryState.RUNNING, null, null, 1, 1))
                .toList());
        scheduler = startScheduler();
    }

    @AfterEach
    void stop() {
        kubectl.delete(SCALES);
        try {
            eventually(() -> {
                assertThat(kubectl.list(PETIOLE + "/instances")).isEmpty();
                assertThat(kubectl.list(NS + "/pods")).isEmpty();
                assertThat(kubectl.list(NS + "/services")).isEmpty();
                assertThat(registry.isAway() || registry.find(KEY) == null).isTrue();
            });
        } finally {
            scheduler.close();
            registry.close();
        }
    }

    @Test
    void aDeviceGetsItsInstanceItsBrokersAndItsServicesAndLosesThemAgain() {
        apply("{capacity: 2, brokerProperties: {MODE: fast}, " + handler() + broker("busybox:1") + services() + "}");
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(Presence.ONLINE, 2);

        eventually(() -> {
            JsonObject instance = kubectl.get(PETIOLE + "/instances/" + DEVICE).body();
            assertThat(Json.texts(instance, "spec", "brokerProperties"))
                    .isEqualTo(Map.of("MODE", "fast", "URL", "opc.tcp://scale"));
            assertThat(Json.text(instance, "status", "presence")).isEqualTo("Online");
            assertThat(names(NS + "/pods")).hasSize(Math.min(2, nodes.size()));
            assertThat(names(NS + "/services")).containsExactlyInAnyOrder(DEVICE + "-svc", "scales-svc");
            assertThat(condition("Ready")).startsWith("True");
        });

        put(Presence.MISSING, 2);
        eventually(() -> assertThat(
                        Json.text(kubectl.get(PETIOLE + "/instances/" + DEVICE).body(), "status", "presence"))
                .isEqualTo("Missing"));
        assertThat(names(NS + "/pods")).hasSize(Math.min(2, nodes.size()));

        put(Presence.OFFLINE, 2);
        eventually(() -> {
            assertThat(names(PETIOLE + "/instances")).isEmpty();
            assertThat(names(NS + "/pods")).isEmpty();
            assertThat(names(NS + "/services")).isEmpty();
        });
    }

    @Test
    void editsAndDeletionsOfWhatPetioleManagesAreUndone() {
        runOneBroker();
        String pod = NS + "/pods/" + names(NS + "/pods").iterator().next();
        String service = NS + "/services/scales-svc";

        kubectl.patch(pod, "{\"metadata\": {\"labels\": {\"petiole.dev/instance\": \"other\"}}}");
        kubectl.patch(
                PETIOLE + "/instances/" + DEVICE,
                "{\"spec\": {\"capacity\": 9, \"brokerProperties\": {\"EVIL\": \"1\"}}}");
        kubectl.patch(
                service, "{\"spec\": {\"ports\": [{\"name\": \"http\", \"port\": 81}], \"selector\": {\"e\": \"f\"}}}");
        kubectl.delete(NS + "/services/" + DEVICE + "-svc");

        eventually(() -> {
            assertThat(Json.text(kubectl.get(pod).body(), "metadata", "labels", "petiole.dev/instance"))
                    .isEqualTo(DEVICE);
            JsonObject spec =
                    Json.object(kubectl.get(PETIOLE + "/instances/" + DEVICE).body(), "spec");
            assertThat(Json.number(spec, "capacity")).isEqualTo(1);
            assertThat(Json.texts(spec, "brokerProperties")).doesNotContainKey("EVIL");
            JsonObject put = Json.object(kubectl.get(service).body(), "spec");
            assertThat(Json.objects(put, "ports")).hasSize(1);
            assertThat(Json.number(Json.objects(put, "ports").getFirst(), "port"))
                    .isEqualTo(80);
            assertThat(Json.texts(put, "selector")).containsOnlyKeys("petiole.dev/configuration");
            assertThat(names(NS + "/services")).contains(DEVICE + "-svc");
        });
        kubectl.delete(pod);
        eventually(() -> assertThat(condition("BrokersReady")).startsWith("True AllReady"));
    }

    /// Invariant 2.
    @Test
    void whatIsTakenOutOfAServicesSpecificationGoesFromTheService() {
        String service = NS + "/services/scales-svc";
        apply("{" + handler() + broker("busybox:1")
                + "configurationServiceSpec: {sessionAffinity: ClientIP, ports: [{name: http, port: 80}]}}");
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(Presence.ONLINE, 1);
        eventually(() -> assertThat(Json.text(kubectl.get(service).body(), "spec", "sessionAffinity"))
                .isEqualTo("ClientIP"));

        apply("{" + handler() + broker("busybox:1") + "configurationServiceSpec: {ports: [{name: http, port: 80}]}}");

        eventually(() -> assertThat(Json.text(kubectl.get(service).body(), "spec", "sessionAffinity"))
                .isEqualTo("None"));
    }

    @Test
    void aRestartWritesNothingAndReplacesNothing() {
        runOneBroker();
        awaitNoMoreWrites();
        Set<String> before = uids();

        scheduler.close();
        scheduler = startScheduler();
        eventually(() -> assertThat(registry.facts()).isNotNull());
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(writes()).isEmpty());

        assertThat(uids()).isEqualTo(before);
    }

    /// Invariant 2: the registry's silence is no news.
    @Test
    void nothingIsDeletedWhileTheRegistryIsAway() {
        runOneBroker();
        Set<String> before = uids();

        registry.close();

        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(uids()).isEqualTo(before));
    }

    /// Invariant 6.
    @Test
    void aBrokerThatTheApiServerRefusesIsAConditionWithItsOwnWords() {
        apply("{" + handler() + "brokerSpec: {brokerPodSpec: {containers: [{name: Bad_Name, image: b}]}}}");
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(Presence.ONLINE, 1);

        eventually(() -> assertThat(condition("BrokersReady"))
                .startsWith("False BrokerRejected")
                .contains("spec.containers[0].name"));
    }

    @Test
    void anObjectOfSomeoneElseKeepsItsNameAndTheConditionSaysWhatToDo() {
        String service = NS + "/services/scales-svc";
        kubectl.create(
                NS + "/services",
                "{apiVersion: v1, kind: Service, metadata: {name: scales-svc}, spec: {ports: [{port: 9}]}}");
        apply("{" + handler() + broker("busybox:1") + services() + "}");
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(Presence.ONLINE, 1);

        eventually(() -> assertThat(condition("BrokersReady"))
                .startsWith("False BrokerRejected")
                .contains("there is a Service scales-svc, which was not made by Petiole"));
        JsonObject theirs = kubectl.get(service).body();
        assertThat(Json.at(theirs, "metadata", "ownerReferences")).isNull();
        assertThat(Json.objects(theirs, "spec", "ports"))
                .singleElement()
                .satisfies(port -> assertThat(Json.number(port, "port")).isEqualTo(9));

        kubectl.delete(service);
        eventually(() -> assertThat(Json.objects(kubectl.get(service).body(), "metadata", "ownerReferences"))
                .hasSize(1));
    }

    @Test
    void aConfigurationThatTheRegistryRefusesIsACondition() {
        registry.refuse("discoveryDetails is no YAML");
        apply("{" + handler() + "}");

        eventually(() ->
                assertThat(condition("Accepted")).startsWith("False Refused").contains("discoveryDetails is no YAML"));
        registry.refuse(null);
    }

    @Test
    void theRegistryIsToldOfAllNodes() {
        eventually(() -> {
            assertThat(registry.facts()).isNotNull();
            assertThat(registry.facts().nodes()).containsOnlyKeys(nodes);
            assertThat(registry.facts().clusterUid())
                    .isEqualTo(Json.text(
                            kubectl.get("/api/v1/namespaces/kube-system").body(), "metadata", "uid"));
        });
    }

    private void runOneBroker() {
        apply("{" + handler() + broker("busybox:1") + services() + "}");
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(Presence.ONLINE, 1);
        eventually(() -> {
            assertThat(names(NS + "/pods")).hasSize(1);
            assertThat(condition("Ready")).startsWith("True");
        });
    }

    private ConfigurableApplicationContext startScheduler() {
        return new SpringApplicationBuilder(BrokerSchedulerApplication.class)
                .run(
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.kubernetes.kubeconfig=" + TestCluster.get().kubeconfig(),
                        "--server.port=0",
                        "--management.server.port=0");
    }

    private void awaitNoMoreWrites() {
        var before = new AtomicReference<>(List.<String>of());
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(40))
                .until(() -> writes().equals(before.getAndSet(writes())));
    }

    private List<String> writes() {
        return scheduler.getBean(MeterRegistry.class).find("petiole.kubernetes.requests").counters().stream()
                .filter(counter -> !"get".equals(counter.getId().getTag("verb")))
                .map(counter -> counter.getId().getTags() + ": " + counter.count())
                .toList();
    }

    private void put(Presence presence, int capacity) {
        var now = Instant.parse("2026-11-24T12:00:00Z");
        var known = registry.find(KEY);
        assertThat(known).isNotNull();
        registry.put(new Device(
                DEVICE,
                KEY,
                known.uid(),
                "opcua",
                "identity",
                true,
                capacity,
                Map.of("URL", "opc.tcp://scale", "MODE", "slow"),
                Admission.APPROVED,
                presence,
                now,
                nodes.stream()
                        .map(node -> new NodePresence(node, presence, now))
                        .toList(),
                List.of(),
                "1"));
    }

    private static void apply(String spec) {
        Kubectl.Answer answer = kubectl.apply(
                SCALES,
                "{apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: scales, namespace: %s}, spec: %s}"
                        .formatted(NAMESPACE, spec));
        assertThat(answer.status()).as(answer.message()).isLessThan(300);
    }

    private static String handler() {
        return "discoveryHandler: {name: opcua}, ";
    }

    private static String broker(String image) {
        return "brokerSpec: {brokerPodSpec: {terminationGracePeriodSeconds: 0, containers: [{name: broker, "
                + "image: \"docker.io/library/" + image + "\", imagePullPolicy: IfNotPresent, "
                + "command: [sleep, \"100000\"]}]}}, ";
    }

    private static String services() {
        return "instanceServiceSpec: {ports: [{name: http, port: 80}]}, "
                + "configurationServiceSpec: {ports: [{name: http, port: 80}]}";
    }

    private static Set<String> names(String path) {
        return kubectl.list(path).stream()
                .map(object -> Json.text(object, "metadata", "name"))
                .collect(Collectors.toSet());
    }

    private static Set<String> uids() {
        return List.of(PETIOLE + "/instances", NS + "/pods", NS + "/services").stream()
                .flatMap(path -> kubectl.list(path).stream())
                .map(object -> Json.text(object, "metadata", "uid"))
                .collect(Collectors.toSet());
    }

    private static String condition(String type) {
        return Json.findCondition(kubectl.get(SCALES).body(), type)
                .map(condition -> Json.text(condition, "status") + " " + Json.text(condition, "reason") + " "
                        + Json.text(condition, "message"))
                .orElse("");
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }
}
