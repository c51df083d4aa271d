package dev.petiole.registry.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.Person.Answer;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// New devices wait for a decision, and every decision is remembered with who, when and why.
class InboxIT {

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static RegistryClient client;
    private static Person person;

    private String namespace;
    private FakeAgent agent;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory, "petiole.device.retention=1s");
        client = registry.client();
        person = new Person(registry.uri());
    }

    @AfterAll
    static void stop() {
        person.close();
        registry.close();
    }

    @BeforeEach
    void separate(TestInfo test) {
        namespace = "t" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
        agent = FakeAgent.begin(client, namespace + "-n1");
    }

    @Test
    void aNewDeviceWaitsUntilSomebodyApprovesIt() {
        agent.sees(configuration(""), "a");
        Device device = device("a");
        assertThat(device.admission()).isEqualTo(Admission.PENDING);
        assertThatThrownBy(() -> agent.claim(device, "id"))
                .isInstanceOf(RegistryProblem.class)
                .hasMessageContaining("not approved yet");

        Answer approved = decide(device, "Approved", "it is ours").is(200);

        assertThat(approved.text("/admission")).isEqualTo("Approved");
        assertThat(approved.text("/decision/by")).isEqualTo("anonymous");
        assertThat(approved.text("/decision/why")).isEqualTo("it is ours");
        assertThat(agent.claim(device, "id").index()).isZero();
        assertThat(history(device)).containsExactly("Claimed", "Approved", "Pending", "Online");
        JsonNode event = person.get(path(device) + "/history").json().at("/items/1");
        assertThat(event.path("by").asString()).isEqualTo("anonymous");
        assertThat(event.path("why").asString()).isEqualTo("it is ours");
        assertThat(event.path("at").asString()).isEqualTo(approved.text("/decision/at"));
    }

    @Test
    void anIgnoredDeviceStaysIgnoredWhenItIsSeenAgain() {
        Configuration configuration = configuration("");
        agent.sees(configuration, "a", "b");
        Device ignored = device("a");
        decide(ignored, "Ignored", "a neighbour's").is(200);

        agent.sees(configuration);
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(devices())
                        .as("the record of another is forgotten after its retention, this one's never")
                        .extracting(Device::name)
                        .containsExactly(ignored.name()));
        agent.sees(configuration, "a");

        assertThat(device("a").admission()).isEqualTo(Admission.IGNORED);
        assertThat(device("a").presence()).isEqualTo(Presence.ONLINE);
        assertThatThrownBy(() -> agent.claim(ignored, "id")).hasMessageContaining("ignored");
        assertThat(history(ignored)).containsExactly("Online", "Offline", "Missing", "Ignored", "Pending", "Online");
    }

    @Test
    void aDecisionMustSayWhatItsMakerHasSeen() {
        agent.sees(configuration(""), "a");
        Device device = device("a");
        String body = "{\"admission\": \"Approved\"}";

        person.put(path(device) + "/admission", body).isProblem(428, "precondition-required");
        decide(device, "Ignored", "no").is(200);
        decide(device, "Approved", "yes").isProblem(412, "precondition-failed");
        assertThat(decide(device, "Ignored", "no").is(200).text("/decision/why"))
                .as("said again it holds already")
                .isEqualTo("no");
        decide(device("a"), "Approved", "yes").is(200);
        person.put("/devices/petiole.dev/x/none/admission", body, "If-Match", "*")
                .isProblem(404, "not-found");
    }

    @Test
    void manyAreDecidedAtOnceAndEachHasItsOwnResult() {
        agent.sees(configuration(""), "a", "b", "c");
        Device outdated = device("c");
        decide(outdated, "Ignored", "no").is(200);
        String request = many("Approved", item(device("a")), item(device("b")), item(outdated), """
                {"group": "petiole.dev", "namespace": "x", "name": "none", "resourceVersion": "x-1"}""", """
                {"group": "petiole.dev", "namespace": "%s", "name": "%s"}""".formatted(
                        namespace, outdated.name()));

        JsonNode tried =
                person.post("/inbox/decisions?dryRun=true", request).is(200).json();
        assertThat(statuses(tried)).containsExactly(200, 200, 412, 404, 428);
        assertThat(tried.path("dryRun").asBoolean()).isTrue();
        assertThat(device("a").admission()).isEqualTo(Admission.PENDING);

        JsonNode done = person.post("/inbox/decisions", request).is(200).json();
        assertThat(statuses(done)).containsExactly(200, 200, 412, 404, 428);
        assertThat(done.at("/results/0/admission").asString()).isEqualTo("Approved");
        assertThat(done.at("/results/2/problem/type").asString())
                .isEqualTo("https://petiole.dev/problems/precondition-failed");
        assertThat(device("a").admission()).isEqualTo(Admission.APPROVED);
        assertThat(device("b").admission()).isEqualTo(Admission.APPROVED);
        assertThat(device("c").admission()).isEqualTo(Admission.IGNORED);
        assertThat(statuses(person.post("/inbox/decisions", request).json()))
                .as("a repeated request finds most of it done")
                .containsExactly(200, 200, 412, 404, 428);
    }

    @Test
    void rulesDecideInAnOperatorsPlaceAndSayWhich() {
        Configuration configuration = configuration("""
                {"name": "b-is-evil", "decide": "Ignore", "match": [{"property": "ID", "values": ["b"]}]},
                {"name": "ours", "match": [{"property": "ID", "operator": "Exists"}],
                 "block": [{"property": "ID", "operator": "Like", "values": ["c*"]}]}""");
        agent.sees(configuration, "a", "b", "cc");

        assertThat(device("a").admission()).isEqualTo(Admission.APPROVED);
        assertThat(device("b").admission()).isEqualTo(Admission.IGNORED);
        assertThat(device("cc").admission()).isEqualTo(Admission.PENDING);
        JsonNode event = person.get(path(device("a")) + "/history").json().at("/items/0");
        assertThat(event.path("type").asString()).isEqualTo("Approved");
        assertThat(event.path("by").asString()).isEqualTo("rule ours");
        assertThat(event.path("why").asString()).contains("ID exists", "nothing blocks it");
    }

    @Test
    void newRulesDecideAboutThoseThatWaitAndNoOthers() {
        Configuration configuration = configuration("");
        agent.sees(configuration, "a", "b");
        decide(device("b"), "Ignored", "no").is(200);

        configuration("{\"name\": \"all\", \"match\": [{\"property\": \"ID\", \"operator\": \"Exists\"}]}");

        assertThat(device("a").admission()).isEqualTo(Admission.APPROVED);
        assertThat(device("b").admission()).isEqualTo(Admission.IGNORED);
    }

    @Test
    void rulesCanBeTriedBeforeTheyAreBelieved() {
        Configuration configuration = configuration("");
        agent.sees(configuration, "a", "b", "cc");
        decide(device("b"), "Ignored", "no").is(200);

        Answer trial = person.post("/inbox/dry-run", """
                {"configuration": {"group": "petiole.dev", "namespace": "%s", "name": "scales"},
                 "rules": [{"name": "short", "match": [{"property": "ID", "operator": "Like", "values": ["?"]}]}]}
                """.formatted(namespace)).is(200);

        assertThat(trial.json().path("approved").asInt()).isEqualTo(2);
        assertThat(trial.json().path("pending").asInt()).isEqualTo(1);
        List<String> outcomes = trial.json()
                .path("outcomes")
                .valueStream()
                .map(outcome -> outcome.path("admission").asString() + "->"
                        + outcome.path("outcome").asString() + " "
                        + outcome.path("rule").asString(""))
                .sorted()
                .toList();
        assertThat(outcomes).containsExactly("Ignored->Approved short", "Pending->Approved short", "Pending->Pending ");
        assertThat(device("a").admission()).isEqualTo(Admission.PENDING);
        person.post("/inbox/dry-run", """
                {"configuration": {"group": "petiole.dev", "namespace": "none", "name": "scales"}}""").isProblem(404, "not-found");
        assertThat(person.post("/inbox/dry-run", """
                {"configuration": {"group": "petiole.dev", "namespace": "n", "name": "s"}, "rules": [{"name": "x"}]}""")
                        .isProblem(400, "invalid-field")
                        .text("/errors/0/field"))
                .isEqualTo("rules[0]");
    }

    @Test
    void aDecisionCanBeTakenBack() {
        agent.sees(configuration(""), "a");
        decide(device("a"), "Ignored", "oops").is(200);

        decide(device("a"), "Pending", "let us see").is(200);

        assertThat(device("a").admission()).isEqualTo(Admission.PENDING);
        assertThat(history(device("a"))).containsExactly("Pending", "Ignored", "Pending", "Online");
    }

    private Configuration configuration(String rules) {
        var json = tools.jackson.databind.json.JsonMapper.builder().build();
        ConfigurationSpec spec = new ConfigurationSpec(
                        new DiscoveryHandlerSpec("debugEcho", "", null),
                        1,
                        null,
                        null,
                        null,
                        null,
                        Duration.ofMillis(100),
                        null,
                        AdmissionMode.MANUAL,
                        null)
                .withAdmission(
                        null,
                        List.of(json.readValue(
                                "[" + rules + "]", dev.petiole.api.configuration.AdmissionRule[].class)));
        return client.configurations()
                .put(
                        ConfigurationKey.PETIOLE,
                        namespace,
                        "scales",
                        new ConfigurationWrite("uid", rules.isEmpty() ? 1L : 2L, spec));
    }

    private List<Device> devices() {
        return client.devices().list(null, namespace, null, null, null, null).items();
    }

    private Device device(String identity) {
        return devices().stream()
                .filter(device -> device.identity().equals(identity))
                .findFirst()
                .orElseThrow();
    }

    private static String path(Device device) {
        return "/devices/petiole.dev/" + device.configuration().namespace() + "/" + device.name();
    }

    private static Answer decide(Device device, String admission, String why) {
        return person.put(
                path(device) + "/admission",
                "{\"admission\": \"" + admission + "\", \"why\": \"" + why + "\"}",
                "If-Match",
                "\"" + device.resourceVersion() + "\"");
    }

    private static String many(String admission, String... items) {
        return "{\"admission\": \"" + admission + "\", \"why\": \"many\", \"devices\": ["
                + List.of(items).stream().collect(Collectors.joining(", ")) + "]}";
    }

    private static String item(Device device) {
        return "{\"group\": \"petiole.dev\", \"namespace\": \""
                + device.configuration().namespace() + "\", \"name\": \"" + device.name()
                + "\", \"resourceVersion\": \"" + device.resourceVersion() + "\"}";
    }

    private static List<Integer> statuses(JsonNode results) {
        return results.path("results")
                .valueStream()
                .map(result -> result.path("status").asInt())
                .toList();
    }

    private static List<String> history(Device device) {
        return person.get(path(device) + "/history")
                .is(200)
                .json()
                .path("items")
                .valueStream()
                .map(event -> event.path("type").asString())
                .toList();
    }
}
