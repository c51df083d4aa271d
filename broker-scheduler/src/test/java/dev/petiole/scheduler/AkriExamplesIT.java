package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeNodes;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The examples of Akri's documentation on a real API server. A directory each: the Configuration as its users apply
/// it, a device that is found for it, and every object that Akri's agent and controller make of them, field by field.
/// What an object does not name there is the API server's own doing; its labels, its owner and an Instance's spec are
/// named whole.
@RequiresApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AkriExamplesIT {

    private static final String NAMESPACE = "akri-examples";
    private static final String AKRI = "/apis/akri.sh/v0/namespaces/" + NAMESPACE;
    private static final String PETIOLE = "/apis/petiole.dev/v1alpha1/namespaces/" + NAMESPACE;
    private static final Gson JSON = new GsonBuilder().serializeNulls().create();
    private static final Path EXAMPLES = Path.of("src/test/resources/AkriExamplesIT");
    private static final List<String> CHILDREN = List.of(
            AKRI + "/instances",
            "/api/v1/namespaces/" + NAMESPACE + "/pods",
            "/api/v1/namespaces/" + NAMESPACE + "/services",
            "/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private Kubectl kubectl;
    private FakeRegistry registry;
    private ConfigurableApplicationContext scheduler;

    static Stream<String> examples() throws IOException {
        try (Stream<Path> directories = Files.list(EXAMPLES)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @BeforeAll
    void start() throws IOException {
        FakeNodes nodes = TestCluster.get().fakeNodes();
        assumeTrue(nodes != null, "the nodes' names are in the hashes: an API server of our own is needed");
        nodes.add("node1");
        nodes.add("node2");
        kubectl = TestCluster.get().kubectl();
        TestCluster.get().makeNamespace(NAMESPACE);
        registry = new FakeRegistry();
        registry.answerFrom(List.of(
                new NodeDiscovery("node1", DiscoveryState.RUNNING, null, null, 1, 1),
                new NodeDiscovery("node2", DiscoveryState.RUNNING, null, null, 1, 1)));
        scheduler = new SpringApplicationBuilder(BrokerSchedulerApplication.class)
                .run(
                        "--petiole.akri.enabled=true",
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.kubernetes.kubeconfig=" + TestCluster.get().kubeconfig(),
                        "--server.port=0",
                        "--management.server.port=0");
    }

    @AfterAll
    void stop() {
        if (scheduler != null) {
            scheduler.close();
            registry.close();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void becomesTheObjectsThatAkriMakes(String example) throws IOException {
        JsonObject configuration = read(example, "configuration.yaml").getFirst();
        String name = Json.text(configuration, "metadata", "name");
        String path = AKRI + "/configurations/" + name;
        Kubectl.Answer answer = kubectl.create(AKRI + "/configurations", configuration.toString());
        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
        try {
            var key = new ConfigurationKey("akri.sh", NAMESPACE, name);
            eventually(() -> assertThat(registry.find(key)).isNotNull());
            Device device = device(key, read(example, "device.yaml").getFirst());
            registry.put(device);

            List<JsonObject> wanted = read(example, "objects.yaml");
            eventually(() -> verify(wanted));
            // Nobody touches what is right, and Kubernetes took what was made.
            eventually(() -> assertThat(Json.findCondition(kubectl.get(path).body(), "Accepted"))
                    .hasValueSatisfying(accepted ->
                            assertThat(Json.text(accepted, "status")).isEqualTo("True")));
            verify(wanted);
        } finally {
            kubectl.delete(path);
            eventually(() -> CHILDREN.forEach(
                    children -> assertThat(kubectl.list(children)).isEmpty()));
        }
    }

    /// A manifest moves over by its first line.
    @ParameterizedTest
    @MethodSource("examples")
    void isAConfigurationOfPetioleToo(String example) throws IOException {
        JsonObject configuration = read(example, "configuration.yaml").getFirst();
        configuration.addProperty("apiVersion", "petiole.dev/v1alpha1");
        // Akri's schema takes what is null for what is not there.
        Json.object(configuration, "spec").asMap().values().removeIf(JsonElement::isJsonNull);
        Json.object(configuration, "spec", "brokerSpec").asMap().values().removeIf(JsonElement::isJsonNull);

        Kubectl.Answer answer = kubectl.create(PETIOLE + "/configurations?dryRun=All", configuration.toString());

        assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    }

    private void verify(List<JsonObject> wanted) {
        var actual = new ArrayList<JsonObject>();
        CHILDREN.forEach(children -> kubectl.list(children).stream()
                // Those of a Job are Kubernetes' own.
                .filter(object -> !owner(object).startsWith("Job "))
                .forEach(actual::add));
        assertThat(new TreeSet<>(actual.stream().map(AkriExamplesIT::name).toList()))
                .isEqualTo(
                        new TreeSet<>(wanted.stream().map(AkriExamplesIT::name).toList()));
        for (JsonObject object : wanted) {
            verify(
                    object,
                    actual.stream()
                            .filter(one -> name(one).equals(name(object)))
                            .filter(one -> one.has("spec") && isOfKind(one, object))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no " + object.get("kind") + " " + name(object))));
        }
    }

    private void verify(JsonObject wanted, JsonObject actual) {
        String kind = Json.text(wanted, "kind");
        assertThat(Json.texts(actual, "metadata", "labels")).isEqualTo(Json.texts(wanted, "metadata", "labels"));
        assertThat(owner(actual)).isEqualTo(Json.text(wanted, "metadata", "ownedBy"));
        assertThat(Json.at(actual, "metadata", "finalizers"))
                .as("finalizers of ours")
                .isNull();
        if (kind.equals("Instance")) {
            assertThat(actual.get("spec")).isEqualTo(wanted.get("spec"));
        } else if (kind.equals("Service")) {
            assertThat(Json.texts(actual, "spec", "selector")).isEqualTo(Json.texts(wanted, "spec", "selector"));
        }
        verifyContained(kind + " " + name(wanted) + ": spec", wanted.get("spec"), actual.get("spec"));
    }

    /// Every field that is wanted is there with this value; lists are as long as they are wanted, but for volumes, of
    /// which the API server adds its own.
    private static void verifyContained(String place, JsonElement wanted, JsonElement actual) {
        if (wanted instanceof JsonObject object && actual instanceof JsonObject there) {
            object.asMap().forEach((name, value) -> {
                assertThat(there.has(name))
                        .as(place + "." + name + " in " + there)
                        .isTrue();
                verifyContained(place + "." + name, value, there.get(name));
            });
        } else if (wanted instanceof JsonArray array && actual instanceof JsonArray there) {
            if (!place.endsWith(".volumes")) {
                assertThat(there).as(place).hasSameSizeAs(array);
            }
            for (int i = 0; i < array.size(); i++) {
                verifyContained(place + "[" + i + "]", array.get(i), there.get(i));
            }
        } else {
            assertThat(actual).as(place).isEqualTo(wanted);
        }
    }

    private static boolean isOfKind(JsonObject actual, JsonObject wanted) {
        // Items of a list name no kind: Instances, Pods, Jobs and Services differ by what they have.
        return switch (Json.text(wanted, "kind")) {
            case "Instance" -> Json.at(actual, "spec", "cdiName") != null;
            case "Service" -> Json.at(actual, "spec", "ports") != null;
            case "Job" -> Json.at(actual, "spec", "template") != null;
            default -> Json.at(actual, "spec", "containers") != null;
        };
    }

    private static String owner(JsonObject object) {
        List<JsonObject> owners = Json.objects(object, "metadata", "ownerReferences");
        return owners.isEmpty()
                ? ""
                : Json.text(owners.getFirst(), "kind") + " " + Json.text(owners.getFirst(), "name");
    }

    private Device device(ConfigurationKey key, JsonObject said) {
        var known = Objects.requireNonNull(registry.find(key));
        List<String> nodes = Json.strings(said, "nodes");
        return new Device(
                key.name() + "-" + Json.text(said, "hash"),
                key,
                known.uid(),
                known.spec().discoveryHandler().name(),
                Json.text(said, "identity"),
                said.get("shared").getAsBoolean(),
                known.spec().capacity(),
                Json.texts(said, "properties"),
                Admission.APPROVED,
                Presence.ONLINE,
                NOW,
                nodes.stream()
                        .map(node -> new NodePresence(node, Presence.ONLINE, NOW))
                        .toList(),
                List.of(),
                "1");
    }

    private static List<JsonObject> read(String example, String file) throws IOException {
        var documents = new ArrayList<JsonObject>();
        String text = Files.readString(EXAMPLES.resolve(example).resolve(file));
        for (Object tree : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            documents.add(JSON.toJsonTree(tree).getAsJsonObject());
        }
        return documents;
    }

    private static String name(JsonObject object) {
        return Json.text(object, "metadata", "name");
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }
}
