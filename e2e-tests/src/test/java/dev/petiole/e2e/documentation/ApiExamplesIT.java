package dev.petiole.e2e.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.contract.RegistryProgram;
import dev.petiole.e2e.documentation.Shell.Exchange;
import dev.petiole.e2e.documentation.Shell.Run;
import dev.petiole.e2e.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The guide to the REST API is run from its top to its end, as it is written, against a running registry and a node
/// that reports the devices of its example.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiExamplesIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Repository REPOSITORY = Repository.find();
    private static final Pattern INLINE = Pattern.compile("`(curl [^`]+)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+`) \\| (.*) \\|$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// What each query parameter of the page's tables is tried with.
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("group", "petiole.dev"),
            Map.entry("namespace", "default"),
            Map.entry("configuration", "echo"),
            Map.entry("handler", "debugEcho"),
            Map.entry("node", "node-1"),
            Map.entry("presence", "Online"),
            Map.entry("admission", "Pending"),
            Map.entry("label", "zone%3Dyard"),
            Map.entry("property", "VENDOR%3DAcme"),
            Map.entry("q", "AcMe"),
            Map.entry("sort", "-presenceSince"),
            Map.entry("fields", "name,nodes.node"),
            Map.entry("limit", "2"));

    @TempDir
    private static Path directory;

    private String page;
    private List<Block> blocks;
    private final List<Block> shown = new ArrayList<>();
    private RegistryProgram registry;
    private Shell shell;

    @BeforeAll
    void start() throws IOException {
        boolean isRequired = "required".equals(System.getProperty("e2e", System.getenv("E2E")));
        for (String program : List.of("bash", "curl", "jq")) {
            assumeTrue(isRequired || Command.findExecutable(program).isPresent(), program + " is missing");
        }
        page = Files.readString(REPOSITORY.path("docs", "api.md"));
        blocks = Block.all().stream()
                .filter(block -> block.place().startsWith("docs/api.md:")
                        && block.language().equals("sh"))
                .toList();
        Path work = Files.createDirectory(directory.resolve("work"));
        Files.createSymbolicLink(
                work.resolve("openapi-generator-cli.jar"),
                REPOSITORY.path("e2e-tests", "target", "client-generator", "openapi-generator-cli.jar"));
        registry = RegistryProgram.start(
                directory,
                "petiole.security.mode=none",
                // However slow the machine, the node is there to the end.
                "petiole.lease.duration=10m");
        shell = new Shell(work);
        shell.run("R=" + registry.uri() + "/api/v1");
    }

    @AfterAll
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    /// In the page's order: what it shows below stands on what it has done above.
    @TestFactory
    Stream<DynamicTest> thePageIsTrue() {
        return Stream.of(
                step("the way into a cluster", this::theWayIntoACluster),
                step("commands within the text", this::commandsWithinTheText),
                step("a client is generated", this::aClientIsGenerated),
                step("create and change", this::createAndChange),
                step("tags", this::tags),
                step("find", this::find),
                step("parameters", this::parameters),
                step("watch", this::watch),
                step("inbox", this::inbox),
                step("rules are tried", this::rulesAreTried),
                step("explain and history", this::explainAndHistory),
                step("nothing is left out", () -> assertThat(shown).containsExactlyElementsOf(blocks)));
    }

    private static DynamicTest step(String name, Executable step) {
        return DynamicTest.dynamicTest(name, step);
    }

    /// Shown by the stories on a cluster; here the registry is at hand.
    private void theWayIntoACluster() {
        assertThat(block("port-forward")).contains("\nR=https://localhost:8080/api/v1");
    }

    private void commandsWithinTheText() throws IOException {
        List<String> commands =
                INLINE.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            assertThat(statuses(shell.run(command))).containsOnly(200);
        }
        JsonNode me = shell.run("curl -s $R/me").exchanges().getFirst().json();
        assertThat(me.path("roles").isEmpty()).isFalse();
        assertThat(me.path("may").valueStream().map(may -> may.path("resource").asString()))
                .contains("configurations", "devices", "handlers", "nodes");
    }

    private void aClientIsGenerated() throws IOException {
        Run run = shell.run(block("openapi-generator-cli.jar"));

        assertThat(statuses(run)).containsExactly(200);
        assertThat(directory.resolve("work/petiole-java/pom.xml")).exists();
        assertThat(directory.resolve("work/petiole-python/openapi_client/api/devices_api.py"))
                .exists();
    }

    private void createAndChange() throws Exception {
        Run run = shell.run(block("application/merge-patch+json"));

        Exchange post = run.exchange("POST", "/configurations");
        assertThat(post.status()).isEqualTo(201);
        assertThat(post.answer()).containsIgnoringCase("\nETag: \"");
        assertThat(post.json().at("/labels/zone").asString()).isEqualTo("yard");
        assertThat(post.json().at("/spec/admission").asString()).isEqualTo("Manual");
        assertThat(run.exchange("HEAD", "/echo").status()).isEqualTo(200);
        Exchange patch = run.exchange("PATCH", "/echo");
        assertThat(patch.status()).isEqualTo(200);
        assertThat(patch.json().at("/spec/capacity").asInt()).isEqualTo(2);
        try (var node = new ReportingNode(registry.uri())) {
            node.find("echo", "a", "b");
        }
    }

    /// What the list below the example says.
    private void tags() throws IOException {
        Exchange exists = ask("curl -s $R/configurations -H 'Content-Type: application/json' -d '{\"key\": {\"group\": "
                + "\"petiole.dev\", \"namespace\": \"default\", \"name\": \"echo\"}, \"spec\": {\"discoveryHandler\": "
                + "{\"name\": \"debugEcho\"}}}'");
        assertThat(exists.status()).isEqualTo(409);
        assertThat(exists.json().path("type").asString()).endsWith("/already-exists");

        String patch = "curl -s -X PATCH $C -H 'Content-Type: application/merge-patch+json' -d '{\"spec\": %s}' ";
        assertThat(ask(patch.formatted("{\"capacity\": 3}")).status()).isEqualTo(428);
        assertThat(ask(patch.formatted("{\"capacity\": 3}") + "-H \"If-Match: $TAG\"")
                        .status())
                .isEqualTo(412);
        shell.run("TAG=$(curl -sI $C | tr -d '\\r' | sed -n 's/^[Ee][Tt]ag: //p')");
        assertThat(ask("curl -s $C -H \"If-None-Match: $TAG\"").status()).isEqualTo(304);
        String lost = patch.formatted("{\"capacity\": null}") + "-H \"If-Match: $TAG\"";
        JsonNode back = ask(lost).json();
        assertThat(back.at("/spec/capacity").asInt()).isEqualTo(1);
        assertThat(ask(lost).json().path("resourceVersion")).isEqualTo(back.path("resourceVersion"));
        Exchange put = ask("TAG=$(curl -sI $C | tr -d '\\r' | sed -n 's/^[Ee][Tt]ag: //p'); "
                + "command curl -s $C > read.json; "
                + "curl -s -X PUT $C -H \"If-Match: $TAG\" -H 'Content-Type: application/json' -d @read.json");
        assertThat(put.status()).as(put.answer()).isEqualTo(200);
    }

    private void find() throws IOException {
        Run run = shell.run(block("/devices/facets?by=presence"));

        assertThat(statuses(run)).containsExactly(200, 200, 200);
        JsonNode online = run.exchange("GET", "presence=Online").json().path("items");
        assertThat(online.valueStream().map(device -> device.path("presence").asString()))
                .containsExactly("Online", "Online");
        assertThat(online.path(0).propertyNames())
                .containsExactlyInAnyOrder("name", "presence", "properties", "resourceVersion");
        assertThat(run.exchange("GET", "q=acme").json().path("items").size()).isEqualTo(2);
        JsonNode counts = run.exchange("GET", "/facets").json();
        assertThat(counts.path("total").asInt()).isEqualTo(2);
        assertThat(counts.path("facets").propertyNames())
                .containsExactlyInAnyOrder("presence", "admission", "label:zone");
    }

    /// The tables name all parameters that the API document has, and no others; each does something.
    private void parameters() throws IOException {
        List<MatchResult> rows = ROW.matcher(page.substring(page.indexOf("\n## Find"), page.indexOf("\n## Watch")))
                .results()
                .toList();
        Set<String> named = rows.stream()
                .flatMap(row -> codes(row.group(1)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        JsonNode operation = JSON.readTree(REPOSITORY.path("api-contracts", "src", "main", "openapi", "petiole.json"))
                .at("/paths/~1api~1v1~1devices/get");
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(operation
                        .path("parameters")
                        .valueStream()
                        .filter(parameter -> parameter.path("in").asString().equals("query"))
                        .map(parameter -> parameter.path("name").asString())
                        .toList());
        for (Map.Entry<String, String> value : VALUES.entrySet()) {
            Exchange found = ask("curl -s \"$R/devices?%s=%s\"".formatted(value.getKey(), value.getValue()));
            assertThat(found.status()).as(value + found.answer()).isEqualTo(200);
            assertThat(found.json().path("items").size())
                    .as(value + found.answer())
                    .isEqualTo(2);
        }
        MatchResult sort = rows.stream()
                .filter(row -> row.group(1).equals("`sort`"))
                .findFirst()
                .orElseThrow();
        for (String order : codes(sort.group(2))) {
            if (!order.equals("-")) {
                assertThat(ask("curl -s \"$R/devices?sort=%s\"".formatted(order))
                                .status())
                        .as(order)
                        .isEqualTo(200);
            }
        }
        JsonNode first = ask("curl -s \"$R/devices?limit=1\"").json();
        JsonNode second = ask("curl -s \"$R/devices?limit=1&cursor=%s\""
                        .formatted(first.path("nextCursor").asString()))
                .json();
        assertThat(second.at("/items/0/name").asString())
                .isNotEmpty()
                .isNotEqualTo(first.at("/items/0/name").asString());
        assertThat(ask("curl -s \"$R/devices?colour=red\"").status()).isEqualTo(400);
    }

    private void watch() throws IOException {
        List<String> lines = shell.follow(block("text/event-stream"), "\"initialEventsEnd\":true");

        assertThat(lines.stream().filter(line -> line.startsWith("event:")))
                .containsExactly("event: added", "event: added", "event: bookmark");
        JsonNode device = JSON.readTree(lines.stream()
                .filter(line -> line.startsWith("data:"))
                .findFirst()
                .orElseThrow()
                .substring("data:".length()));
        assertThat(device.propertyNames()).contains("name", "properties").doesNotContain("presence");
        assertThat(ask("curl -s -H 'Accept: text/event-stream' -H 'Last-Event-ID: long-gone-1' $R/devices")
                        .status())
                .isEqualTo(410);
        assertThat(ask("curl -s -H 'Accept: application/json, text/event-stream' $R/devices")
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(2);
    }

    private void inbox() throws IOException {
        Run run = shell.run(block("/inbox/decisions?dryRun=true"));

        assertThat(statuses(run)).containsOnly(200);
        assertThat(run.exchange("GET", "fields=name,configuration,properties")
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(2);
        JsonNode approved = run.exchange("PUT", "/admission").json();
        assertThat(approved.path("admission").asString()).isEqualTo("Approved");
        assertThat(approved.at("/decision/why").asString()).isEqualTo("on the packing table");
        JsonNode many = run.exchange("POST", "/inbox/decisions").json();
        assertThat(many.path("dryRun").asBoolean()).isTrue();
        assertThat(many.path("results")).hasSize(1);
        assertThat(many.at("/results/0/status").asInt()).isEqualTo(200);
        assertThat(many.at("/results/0/device/name").asString()).startsWith("echo-");
        // It was only tried.
        assertThat(ask("curl -s \"$R/devices?admission=Pending\"").json().path("items"))
                .hasSize(1);
    }

    private void rulesAreTried() throws IOException {
        Run run = shell.run(block("/inbox/dry-run"));

        JsonNode trial = run.exchange("POST", "/inbox/dry-run").json();
        assertThat(trial.path("outcomes")).hasSize(2);
        for (JsonNode outcome : trial.path("outcomes")) {
            assertThat(outcome.path("outcome").asString()).isEqualTo("Approved");
            assertThat(outcome.path("why").asString()).isNotEmpty();
        }
        // The other one was approved by hand.
        assertThat(trial.path("outcomes")
                        .valueStream()
                        .map(outcome -> outcome.path("rule").asString("")))
                .contains("all");
    }

    private void explainAndHistory() throws IOException {
        Run run = shell.run(block("/explain"));

        assertThat(statuses(run)).containsExactly(200, 200);
        assertThat(run.output())
                .contains("Presence: ", "Admission: Approved by anonymous: on the packing table")
                .containsPattern("(?m)^\\S+ Approved by anonymous: on the packing table$")
                .containsPattern("(?m)^\\S+ Online by node node-1: .+$")
                .doesNotContain("null");
    }

    private Exchange ask(String command) throws IOException {
        return shell.run(command).exchanges().stream()
                .filter(exchange -> !exchange.method().equals("HEAD"))
                .findFirst()
                .orElseThrow();
    }

    private String block(String part) {
        Block found = blocks.stream()
                .filter(block -> block.text().contains(part))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no example has " + part));
        shown.add(found);
        return found.text();
    }

    private static List<Integer> statuses(Run run) {
        return run.exchanges().stream().map(Exchange::status).toList();
    }

    private static List<String> codes(String text) {
        return CODE.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
