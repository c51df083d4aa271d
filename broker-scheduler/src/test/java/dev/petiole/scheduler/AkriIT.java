package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.Property;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
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
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Akri's API on a real API server: what its users have applied and what its agents have left works unchanged.
@RequiresApiServer
class AkriIT {

    private static final String NAMESPACE = "akri-it";
    private static final String OTHER_NAMESPACE = "akri-it-other";
    private static final String NS = "/api/v1/namespaces/" + NAMESPACE;
    private static final String AKRI = "/apis/akri.sh/v0/namespaces/" + NAMESPACE;
    private static final String NAME = "akri-debug-echo-foo";
    private static final String CONFIGURATION = AKRI + "/configurations/" + NAME;
    private static final String OTHER = "/apis/akri.sh/v0/namespaces/" + OTHER_NAMESPACE + "/configurations/" + NAME;
    private static final ConfigurationKey KEY = new ConfigurationKey("akri.sh", NAMESPACE, NAME);
    private static final String DEVICE = NAME + "-8120fe";
    private static final String INSTANCE = AKRI + "/instances/" + DEVICE;
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static Kubectl kubectl;
    private static List<String> nodes;
    private FakeRegistry registry;
    private ConfigurableApplicationContext scheduler;

    @BeforeAll
    static void prepare() {
        kubectl = TestCluster.get().kubectl();
        TestCluster.get().makeNamespace(NAMESPACE);
        TestCluster.get().makeNamespace(OTHER_NAMESPACE);
        nodes = TestCluster.get().nodes().stream().limit(2).toList();
    }

    @BeforeEach
    void startRegistry() throws IOException {
        registry = new FakeRegistry();
        answerFromNodes();
    }

    private void answerFromNodes() {
        registry.answerFrom(nodes.stream()
                .map(node -> new NodeDiscovery(node, DiscoveryState.RUNNING, null, null, 1, 1))
                .toList());
    }

    @AfterEach
    void stop() {
        kubectl.delete(CONFIGURATION);
        kubectl.delete(OTHER);
        try {
            eventually(() -> {
                assertThat(kubectl.list(AKRI + "/configurations")).isEmpty();
                assertThat(kubectl.list(AKRI + "/instances")).isEmpty();
                assertThat(kubectl.list(NS + "/pods")).isEmpty();
                assertThat(kubectl.list(NS + "/services")).isEmpty();
            });
        } finally {
            if (scheduler != null) {
                scheduler.close();
            }
            registry.close();
        }
    }

    /// The example of Akri's documentation, unchanged; each object as Akri's agent and controller make it.
    @Test
    void akrisExampleBecomesTheObjectsThatAkriMakes() {
        startScheduler(true);
        createExample(CONFIGURATION);
        String uid = uid(CONFIGURATION);
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(slot(0, nodes.getFirst(), "akri.sh/" + DEVICE, DEVICE + "-0"));

        eventually(() -> {
            JsonObject instance = kubectl.get(INSTANCE).body();
            assertThat(instance.get("spec"))
                    .isEqualTo(json("""
                    {"configurationName": "akri-debug-echo-foo", "cdiName": "akri.sh/akri-debug-echo-foo=8120fe",
                     "capacity": 2, "shared": true, "nodes": ["%s", "%s"],
                     "brokerProperties": {"DEBUG_ECHO_DESCRIPTION": "foo0", "RESOLUTION_WIDTH": "800"},
                     "deviceUsage": {"akri-debug-echo-foo-8120fe-0": "%s"}}
                    """.formatted(nodes.get(0), nodes.get(1), nodes.getFirst())));
            assertThat(Json.at(instance, "metadata", "ownerReferences")).isEqualTo(array("""
                    [{"apiVersion": "akri.sh/v0", "kind": "Configuration", "name": "akri-debug-echo-foo", "uid": "%s",
                      "controller": true}]
                    """.formatted(uid)));
            assertThat(Json.at(instance, "metadata", "finalizers")).isNull();
            assertThat(Json.at(instance, "metadata", "labels")).isNull();
        });
        eventually(() -> assertThat(kubectl.list(NS + "/pods")).hasSize(2));
        for (String node : nodes) {
            JsonObject pod =
                    kubectl.get(NS + "/pods/" + node + "-" + DEVICE + "-pod").body();
            assertThat(Json.texts(pod, "metadata", "labels"))
                    .isEqualTo(Map.of(
                            "app", node + "-" + DEVICE + "-pod",
                            "controller", "akri.sh",
                            "akri.sh/configuration", NAME,
                            "akri.sh/instance", DEVICE,
                            "akri.sh/target-node", node));
            assertThat(Json.at(pod, "metadata", "ownerReferences"))
                    .isEqualTo(ownedBy("Instance", DEVICE, uid(INSTANCE)));
            JsonObject container = Json.objects(pod, "spec", "containers").getFirst();
            assertThat(Json.texts(container, "resources", "limits"))
                    .isEqualTo(Map.of("akri.sh/" + DEVICE, "1", "memory", "30Mi", "cpu", "29m"));
            assertThat(Json.texts(container, "resources", "requests"))
                    .isEqualTo(Map.of("akri.sh/" + DEVICE, "1", "memory", "10Mi", "cpu", "10m"));
        }
        eventually(() -> assertThat(kubectl.list(NS + "/services")).hasSize(2));
        verifyService(DEVICE + "-svc", "akri.sh/instance", DEVICE, ownedBy("Instance", DEVICE, uid(INSTANCE)));
        verifyService(NAME + "-svc", "akri.sh/configuration", NAME, ownedBy("Configuration", NAME, uid));
        eventually(() -> assertThat(condition(CONFIGURATION, "Ready")).startsWith("True"));
    }

    /// Akri mixes equal names up.
    @Test
    void theSecondConfigurationOfANameIsToldSoAndFollowsTheFirst() {
        startScheduler(true);
        createExample(CONFIGURATION);
        eventually(() -> assertThat(condition(CONFIGURATION, "Accepted")).startsWith("True"));

        createExample(OTHER);
        eventually(() -> assertThat(condition(OTHER, "Accepted"))
                .startsWith("False NameTaken")
                .contains("namespace " + NAMESPACE));
        assertThat(registry.find(new ConfigurationKey("akri.sh", OTHER_NAMESPACE, NAME)))
                .isNull();

        kubectl.delete(CONFIGURATION);
        eventually(() -> assertThat(condition(OTHER, "Accepted")).startsWith("True"));
    }

    @Test
    void bothGroupsLiveSideBySide() {
        startScheduler(true);
        String petiole = "/apis/petiole.dev/v1alpha1/namespaces/" + NAMESPACE + "/configurations/" + NAME;
        createExample(CONFIGURATION);
        kubectl.create(parent(petiole), """
                {apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: %s, namespace: %s},
                 spec: {discoveryHandler: {name: debugEcho}}}
                """.formatted(NAME, NAMESPACE));

        eventually(() -> {
            assertThat(condition(petiole, "Accepted")).startsWith("True");
            assertThat(condition(CONFIGURATION, "Accepted")).startsWith("True");
            assertThat(registry.find(KEY)).isNotNull();
            assertThat(registry.find(ConfigurationKey.of(NAMESPACE, NAME))).isNotNull();
        });

        kubectl.delete(petiole);
        eventually(() ->
                assertThat(registry.find(ConfigurationKey.of(NAMESPACE, NAME))).isNull());
        assertThat(registry.find(KEY)).isNotNull();
    }

    /// Petiole's own fields, which have their defaults, are none of Akri's.
    @Test
    void oneMadeOverRestIsShownAsAkrisOwn() {
        startScheduler(true);
        registry.putOverRest(
                KEY,
                "uid-of-rest",
                ConfigurationSpec.of(
                        new DiscoveryHandlerSpec(
                                "debugEcho", "descriptions: [foo0]", List.of(new Property("NAME", "value", null))),
                        2));

        eventually(() -> {
            JsonObject shown = kubectl.get(CONFIGURATION).body();
            assertThat(shown.get("spec")).isEqualTo(json("""
                    {"discoveryHandler": {"name": "debugEcho", "discoveryDetails": "descriptions: [foo0]",
                                          "discoveryProperties": [{"name": "NAME", "value": "value"}]},
                     "capacity": 2, "brokerProperties": {}}
                    """));
            assertThat(Json.texts(shown, "metadata", "labels")).containsEntry("petiole.dev/managed-by", "registry");
            assertThat(condition(CONFIGURATION, "Accepted")).startsWith("True");
        });
        put();
        eventually(() -> assertThat(Json.text(kubectl.get(INSTANCE).body(), "spec", "cdiName"))
                .isEqualTo("akri.sh/akri-debug-echo-foo=8120fe"));

        registry.deleteOverRest(KEY);

        eventually(() -> assertThat(kubectl.get(CONFIGURATION).status()).isEqualTo(404));
    }

    /// What Akri leaves when its agents and its controller are gone, field owners and finalizers included.
    /// Of what is made for a whole Configuration, both groups would call it the same.
    @Test
    void aNameThatTheOtherGroupHasIsLeftToItUntilItIsFree() {
        startScheduler(true);
        String petiole = "/apis/petiole.dev/v1alpha1/namespaces/" + NAMESPACE + "/configurations/" + NAME;
        String service = NS + "/services/" + NAME + "-svc";
        createExample(CONFIGURATION);
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(slot(0, nodes.getFirst(), "akri.sh/" + DEVICE, DEVICE + "-0"));
        eventually(() -> assertThat(uid(service)).isNotEmpty());
        String first = uid(service);

        kubectl.create(parent(petiole), """
                {apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: %s, namespace: %s},
                 spec: {discoveryHandler: {name: debugEcho},
                        brokerSpec: {brokerPodSpec: {containers: [{name: b, image: busybox}]}},
                        configurationServiceSpec: {ports: [{port: 80}]}}}
                """.formatted(NAME, NAMESPACE));
        var key = ConfigurationKey.of(NAMESPACE, NAME);
        eventually(() -> assertThat(registry.find(key)).isNotNull());
        registry.put(device(key, NAME + "-aaaaaaaaaa", nodes, List.of()));

        eventually(() -> assertThat(condition(petiole, "BrokersReady"))
                .contains("belongs to Configuration " + NAME + " (akri.sh/v0)"));
        assertThat(uid(service)).isEqualTo(first);

        kubectl.delete(CONFIGURATION);
        eventually(() -> assertThat(Json.objects(kubectl.get(service).body(), "metadata", "ownerReferences"))
                .singleElement()
                .satisfies(owner -> assertThat(Json.text(owner, "apiVersion")).isEqualTo("petiole.dev/v1alpha1")));
        kubectl.delete(petiole);
    }

    @Test
    void whatAkriLeftIsTakenOverWithoutTouchingABroker() {
        leaveAsAkri();
        Map<String, String> before = uids();
        registry.answerFrom(List.of());

        startScheduler(true);
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());

        assertThat(registry.recalled())
                .containsExactlyInAnyOrder(
                        new HeldSlot(DEVICE, 0, nodes.get(0), "akri.sh/" + DEVICE, DEVICE + "-0"),
                        new HeldSlot(DEVICE, 1, nodes.get(1), "akri.sh/" + NAME, NAME + "-0"));
        put(
                slot(0, nodes.get(0), "akri.sh/" + DEVICE, DEVICE + "-0"),
                slot(1, nodes.get(1), "akri.sh/" + NAME, NAME + "-0"));
        answerFromNodes();
        eventually(() -> {
            JsonObject instance = kubectl.get(INSTANCE).body();
            assertThat(Json.at(instance, "metadata", "finalizers")).isNull();
            assertThat(managers(instance)).containsOnly("petiole");
            assertThat(Json.texts(instance, "spec", "deviceUsage"))
                    .isEqualTo(Map.of(DEVICE + "-0", nodes.get(0), DEVICE + "-1", "C:" + NAME + "-0:" + nodes.get(1)));
            assertThat(Json.at(kubectl.get(CONFIGURATION).body(), "metadata", "finalizers"))
                    .isNull();
            assertThat(condition(CONFIGURATION, "Ready")).startsWith("True");
        });
        assertThat(uids()).isEqualTo(before);

        // What Akri owned can be taken away now: one node lost the device, one slot is free again.
        registry.put(device(List.of(nodes.getFirst()), List.of()));
        eventually(() -> {
            JsonObject spec = Json.object(kubectl.get(INSTANCE).body(), "spec");
            assertThat(Json.strings(spec, "nodes")).containsExactly(nodes.getFirst());
            assertThat(Json.texts(spec, "deviceUsage")).isEmpty();
        });
    }

    /// Akri's own definitions have no status. Nobody keeps asking for one.
    @Test
    void itWorksWithAkrisOwnDefinitionsToo() {
        String definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/configurations.akri.sh";
        JsonObject ours = kubectl.get(definition).body();
        JsonObject akris = ours.deepCopy();
        Json.objects(akris, "spec", "versions").getFirst().remove("subresources");
        try {
            assertThat(kubectl.patch(definition, spec(akris)).status()).isEqualTo(200);
            eventually(() ->
                    assertThat(kubectl.get(CONFIGURATION + "/status").status()).isEqualTo(404));
            startScheduler(true);
            createExample(CONFIGURATION);
            eventually(() -> assertThat(registry.find(KEY)).isNotNull());
            put();

            eventually(() -> assertThat(kubectl.list(NS + "/pods"))
                    .hasSize(2)
                    .allMatch(pod -> Json.findCondition(pod, "Ready").isPresent()));
            assertThat(Json.at(kubectl.get(CONFIGURATION).body(), "status")).isNull();
            assertThat(scheduler
                            .getBean(MeterRegistry.class)
                            .get("petiole.kubernetes.requests")
                            .tags("verb", "applyStatus", "kind", "Configuration")
                            .counter()
                            .count())
                    .isEqualTo(1);
        } finally {
            assertThat(kubectl.patch(definition, spec(ours)).status()).isEqualTo(200);
        }
    }

    private static String spec(JsonObject definition) {
        var patch = new JsonObject();
        patch.add("spec", definition.get("spec"));
        return patch.toString();
    }

    @Test
    void aConfigurationThatWaitsForALostNodesFinalizerGoes() {
        leaveAsAkri();
        kubectl.delete(CONFIGURATION);
        assertThat(Json.at(kubectl.get(CONFIGURATION).body(), "metadata", "deletionTimestamp"))
                .isNotNull();

        startScheduler(true);

        eventually(() -> assertThat(kubectl.get(CONFIGURATION).status()).isEqualTo(404));
    }

    /// Akri's agents apply without force: a field that Petiole still owned would be in their way for ever.
    @Test
    void theObjectsCanBeHandedBackToAkri() {
        startScheduler(true);
        createExample(CONFIGURATION);
        eventually(() -> assertThat(registry.find(KEY)).isNotNull());
        put(slot(0, nodes.getFirst(), "akri.sh/" + DEVICE, DEVICE + "-0"));
        // Ready is true before there is a device, too.
        eventually(() -> {
            assertThat(kubectl.list(NS + "/pods")).hasSize(2);
            assertThat(condition(CONFIGURATION, "Ready")).startsWith("True");
        });
        Map<String, String> before = uids();

        scheduler.close();
        startScheduler(false);

        eventually(() -> {
            assertThat(registry.find(KEY)).isNull();
            assertThat(managers(kubectl.get(INSTANCE).body()))
                    .containsExactlyInAnyOrder(nodes.get(0), nodes.get(1), "dp-" + nodes.getFirst());
        });
        assertThat(uids()).isEqualTo(before);
        assertThat(applyAsAgent(nodes.getFirst(), 2).status()).isEqualTo(200);
        assertThat(kubectl.applyAs("dp-" + nodes.getFirst(), INSTANCE, instance("{deviceUsage: {}}"))
                        .status())
                .isEqualTo(200);
        assertThat(Json.texts(kubectl.get(INSTANCE).body(), "spec", "deviceUsage"))
                .isEmpty();
    }

    private void leaveAsAkri() {
        createExample(CONFIGURATION);
        for (String node : nodes) {
            apply(node + "-fin", CONFIGURATION, """
                    {apiVersion: akri.sh/v0, kind: Configuration,
                     metadata: {name: %s, namespace: %s, finalizers: [%s]}}
                    """.formatted(NAME, NAMESPACE, node));
            assertThat(applyAsAgent(node, 2).status()).isLessThan(300);
            apply(
                    node + "-fin",
                    INSTANCE,
                    "{apiVersion: akri.sh/v0, kind: Instance, metadata: {name: %s, namespace: %s, finalizers: [%s]}}"
                            .formatted(DEVICE, NAMESPACE, node));
        }
        apply("dp-" + nodes.get(0), INSTANCE, instance("{deviceUsage: {%s-0: %s}}".formatted(DEVICE, nodes.get(0))));
        apply(
                "dp-" + nodes.get(1),
                INSTANCE,
                instance("{deviceUsage: {%s-1: 'C:%s-0:%s'}}".formatted(DEVICE, NAME, nodes.get(1))));
        nodes.forEach(AkriIT::createBrokerAsAkri);
        eventually(() -> assertThat(kubectl.list(NS + "/pods"))
                .hasSize(2)
                .allMatch(pod -> Json.findCondition(pod, "Ready").isPresent()));
    }

    private static Kubectl.Answer applyAsAgent(String node, int capacity) {
        return kubectl.applyAs(
                node, INSTANCE, """
                {apiVersion: akri.sh/v0, kind: Instance,
                 metadata: {name: %s, namespace: %s, ownerReferences: [{apiVersion: akri.sh/v0, kind: Configuration,
                            name: %s, uid: %s, controller: true}]},
                 spec: {configurationName: %s, cdiName: "akri.sh/%s=8120fe", capacity: %d, shared: true, nodes: [%s],
                        brokerProperties: {DEBUG_ECHO_DESCRIPTION: foo0, RESOLUTION_WIDTH: "800"}}}
                """.formatted(DEVICE, NAMESPACE, NAME, uid(CONFIGURATION), NAME, NAME, capacity, node));
    }

    private static void createBrokerAsAkri(String node) {
        String name = node + "-" + DEVICE + "-pod";
        Kubectl.Answer answer = kubectl.create(NS + "/pods", """
                {apiVersion: v1, kind: Pod,
                 metadata: {name: %s, namespace: %s,
                            labels: {app: %s, controller: akri.sh, akri.sh/configuration: %s, akri.sh/instance: %s,
                                     akri.sh/target-node: %s},
                            ownerReferences: [{apiVersion: akri.sh/v0, kind: Instance, name: %s, uid: %s,
                                               controller: true, blockOwnerDeletion: true}]},
                 spec: {containers: [{name: broker, image: "nginx:stable-alpine",
                                      resources: {requests: {akri.sh/%s: "1", memory: 10Mi, cpu: 10m},
                                                  limits: {akri.sh/%s: "1", memory: 30Mi, cpu: 29m}}}],
                        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
                          {matchFields: [{key: metadata.name, operator: In, values: [%s]}]}]}}}}}
                """.formatted(
                        name, NAMESPACE, name, NAME, DEVICE, node, DEVICE, uid(INSTANCE), DEVICE, DEVICE, node));
        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    }

    private static void apply(String manager, String path, String yaml) {
        Kubectl.Answer answer = kubectl.applyAs(manager, path, yaml);
        assertThat(answer.status()).as(answer.message()).isLessThan(300);
    }

    private static String instance(String spec) {
        return "{apiVersion: akri.sh/v0, kind: Instance, metadata: {name: %s, namespace: %s}, spec: %s}"
                .formatted(DEVICE, NAMESPACE, spec);
    }

    private static void createExample(String path) {
        Kubectl.Answer answer = kubectl.create(parent(path), """
                apiVersion: akri.sh/v0
                kind: Configuration
                metadata: {name: akri-debug-echo-foo}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |+
                      descriptions: ["foo0","foo1"]
                  brokerSpec:
                    brokerPodSpec:
                      containers:
                      - name: broker
                        image: nginx:stable-alpine
                        resources:
                          requests: {"{{PLACEHOLDER}}": "1", memory: 10Mi, cpu: 10m}
                          limits: {"{{PLACEHOLDER}}": "1", memory: 30Mi, cpu: 29m}
                  instanceServiceSpec: {type: ClusterIP, ports: [{name: svc, port: 6052, protocol: TCP, targetPort: 6052}]}
                  configurationServiceSpec: {type: ClusterIP, ports: [{name: svc, port: 6052, protocol: TCP, targetPort: 6052}]}
                  brokerProperties: {RESOLUTION_WIDTH: "800"}
                  capacity: 2
                """);
        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    }

    private static void verifyService(String name, String label, String value, Object owners) {
        JsonObject service = kubectl.get(NS + "/services/" + name).body();
        assertThat(Json.texts(service, "metadata", "labels"))
                .isEqualTo(Map.of("app", name, "controller", "akri.sh", label, value));
        assertThat(Json.texts(service, "spec", "selector")).isEqualTo(Map.of("controller", "akri.sh", label, value));
        assertThat(Json.at(service, "metadata", "ownerReferences")).isEqualTo(owners);
        assertThat(Json.text(service, "spec", "type")).isEqualTo("ClusterIP");
    }

    private static Object ownedBy(String kind, String name, String uid) {
        return array("""
                [{"apiVersion": "akri.sh/v0", "kind": "%s", "name": "%s", "uid": "%s", "controller": true,
                  "blockOwnerDeletion": true}]
                """.formatted(kind, name, uid));
    }

    private void startScheduler(boolean isAkriEnabled) {
        scheduler = new SpringApplicationBuilder(BrokerSchedulerApplication.class)
                .run(
                        "--petiole.akri.enabled=" + isAkriEnabled,
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.kubernetes.kubeconfig=" + TestCluster.get().kubeconfig(),
                        "--server.port=0",
                        "--management.server.port=0");
    }

    private void put(Slot... slots) {
        registry.put(device(nodes, List.of(slots)));
    }

    private Device device(List<String> seenBy, List<Slot> slots) {
        return device(KEY, DEVICE, seenBy, slots);
    }

    private Device device(ConfigurationKey key, String name, List<String> seenBy, List<Slot> slots) {
        var known = registry.find(key);
        assertThat(known).isNotNull();
        return new Device(
                name,
                key,
                known.uid(),
                "debugEcho",
                "foo0",
                true,
                2,
                Map.of("DEBUG_ECHO_DESCRIPTION", "foo0"),
                Admission.APPROVED,
                Presence.ONLINE,
                NOW,
                seenBy.stream()
                        .map(node -> new NodePresence(node, Presence.ONLINE, NOW))
                        .toList(),
                slots,
                "1");
    }

    private static Slot slot(int index, String node, String resource, String id) {
        return new Slot(index, node, resource, id, null, null, null, NOW);
    }

    private static Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        for (String path : List.of(AKRI + "/instances", NS + "/pods")) {
            kubectl.list(path)
                    .forEach(object ->
                            uids.put(Json.text(object, "metadata", "name"), Json.text(object, "metadata", "uid")));
        }
        return uids;
    }

    private static List<String> managers(JsonObject object) {
        return Json.objects(object, "metadata", "managedFields").stream()
                .map(entry -> Json.text(entry, "manager"))
                .collect(Collectors.toList());
    }

    private static String uid(String path) {
        return Json.text(kubectl.get(path).body(), "metadata", "uid");
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String condition(String path, String type) {
        return Json.findCondition(kubectl.get(path).body(), type)
                .map(condition -> Json.text(condition, "status") + " " + Json.text(condition, "reason") + " "
                        + Json.text(condition, "message"))
                .orElse("");
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static Object array(String text) {
        return JsonParser.parseString(text).getAsJsonArray();
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }
}
