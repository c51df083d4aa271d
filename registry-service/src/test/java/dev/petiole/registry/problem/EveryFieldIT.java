package dev.petiole.registry.problem;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.Person.Answer;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every field of every write, given with a wrong type, missing, oversized and with hostile values: nothing is a
/// failure, and what is refused names the field or one around it.
class EveryFieldIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String THING = "/petiole.dev/default/";

    // Where a write goes. What it is refused for besides its fields comes after them.
    private static final Map<String, String> WRITES = Map.ofEntries(
            entry("createConfiguration", "POST /configurations"),
            entry("putConfiguration", "PUT /configurations" + THING + "scales"),
            entry("patchConfiguration", "PATCH /configurations" + THING + "patched"),
            entry("recall", "PUT /configurations" + THING + "scales/holders"),
            entry("reportMirror", "PUT /configurations" + THING + "patched/mirror"),
            entry("decideDevice", "PUT /devices" + THING + "scales-umu3s6fruz/admission"),
            entry("decideDevices", "POST /inbox/decisions"),
            entry("tryAdmissionRules", "POST /inbox/dry-run"),
            entry("putCluster", "PUT /cluster"),
            entry("renewLease", "PUT /agents/node-1/lease"),
            entry("reportHandlers", "PUT /agents/node-1/handlers"),
            entry("observe", "PUT /agents/node-1/observations"),
            entry("claim", "POST /agents/node-1/claims"),
            entry("reportUsage", "PUT /agents/node-1/usage"));

    private static final Pattern IN_ANSWERS_TOO = Pattern.compile(
            "/nodes/[^/]+/(uid|bootId|labels|ready|outOfService|offersDevices)|/handlers/\\d+/(name|shared)");

    private static final List<String> HOSTILE = List.of(
            "\u0000",
            "'; DROP TABLE device; --",
            "../../etc/passwd",
            "${jndi:ldap://x}",
            "\uD800",
            "\u202E\uFFFF",
            "{{7*7}}");

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static Person person;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        person = new Person(registry.uri());
        person.put("/configurations" + THING + "patched", "{\"spec\": {\"discoveryHandler\": {\"name\": \"x\"}}}");
    }

    @AfterAll
    static void stop() {
        person.close();
        registry.close();
    }

    static Stream<Arguments> writes() throws IOException {
        try (InputStream file = EveryFieldIT.class.getResourceAsStream("/openapi/examples.json")) {
            JsonNode examples = JSON.readTree(file);
            return WRITES.keySet().stream()
                    .sorted()
                    .map(write -> Arguments.of(write, examples.at("/" + write + "/request")))
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereIsNoOtherWrite() throws IOException {
        Set<String> writes = new TreeSet<>();
        for (JsonNode path : document().path("paths")) {
            for (JsonNode operation : path) {
                if (operation.has("requestBody")) {
                    writes.add(operation.path("operationId").asString());
                }
            }
        }
        assertThat(WRITES).containsOnlyKeys(writes);
    }

    /// Examples leave out most of what is optional.
    @ParameterizedTest
    @MethodSource("writes")
    void aFieldOfTheSchemaOfAWrongTypeIsNamed(String write) throws IOException {
        JsonNode body = fullBody(write);
        List<String> paths = paths(body, "");
        assertThat(paths).isNotEmpty();
        for (String path : paths) {
            for (String wrong : List.of("[[1]]", "{\"x\": {\"y\": []}}", "12.5")) {
                boolean isPeriod = path.endsWith("/gracePeriod") && wrong.startsWith("1");
                if (isPeriod || isOfThatType(body.at(path), wrong)) {
                    continue;
                }
                Answer answer = send(write, with(body, path, JSON.readTree(wrong)));
                assertNamed(answer, path, write + " " + path + " = " + wrong);
            }
        }
    }

    /// A patch has no schema of its own: it changes what a write has, but for what only the scheduler says.
    private static JsonNode fullBody(String write) throws IOException {
        var bodies = new SchemaBodies(document());
        return write.equals("patchConfiguration")
                ? ((ObjectNode) bodies.fullBodyOf("putConfiguration")).retain("labels", "spec")
                : bodies.fullBodyOf(write);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aRequiredFieldThatIsMissingIsNamed(String write, JsonNode example) throws IOException {
        for (String path : new SchemaBodies(document()).required(write)) {
            if (!example.at(path).isMissingNode()) {
                assertNamed(send(write, without(example, path)), path, write + " without " + path);
            }
        }
    }

    /// What a client made from the document may leave out. What a rule must say depends on what
    /// else it says. Facts of nodes and handlers are in answers, too, where `fields` may leave out
    /// anything: the document can't demand theirs.
    @ParameterizedTest
    @MethodSource("writes")
    void aFieldThatIsNotRequiredMayBeMissing(String write, JsonNode example) throws IOException {
        Set<String> required = Set.copyOf(new SchemaBodies(document()).required(write));
        for (String path : paths(example, "")) {
            boolean isMember =
                    example.at(path.substring(0, path.lastIndexOf('/'))).isObject();
            if (required.contains(path)
                    || !isMember
                    || IN_ANSWERS_TOO.matcher(path).matches()
                    || path.matches(".*[rR]ules/0/match(/0/values)?")) {
                continue;
            }
            Answer answer = send(write, without(example, path));
            assertThat(answer.status())
                    .as("%s without %s: %s", write, path, answer.body())
                    .isNotEqualTo(400);
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aFieldOfAWrongTypeIsNamed(String write, JsonNode example) {
        List<String> paths = paths(example, "");
        assertThat(paths).isNotEmpty();
        for (String path : paths) {
            for (String wrong : List.of("[[1]]", "{\"x\": {\"y\": []}}", "12.5")) {
                // A number is a period of so many seconds.
                boolean isPeriod = path.endsWith("/gracePeriod") && wrong.startsWith("1");
                if (isPeriod || isOfThatType(example.at(path), wrong)) {
                    continue;
                }
                Answer answer = send(write, with(example, path, JSON.readTree(wrong)));
                assertNamed(answer, path, write + " " + path + " = " + wrong);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aFieldThatIsMissingOrNullOrUnknownIsNoFailure(String write, JsonNode example) {
        for (String path : paths(example, "")) {
            assertNoFailure(send(write, without(example, path)), write + " without " + path);
            assertNoFailure(send(write, with(example, path, JSON.readTree("null"))), write + " " + path + " = null");
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void oversizedAndHostileTextsAreRefusedOrStored(String write, JsonNode example) {
        for (String path : paths(example, "")) {
            if (!example.at(path).isString()) {
                continue;
            }
            assertNoFailure(send(write, with(example, path, text("x".repeat(200_000)))), write + " " + path + " long");
            for (String hostile : HOSTILE) {
                assertNoFailure(send(write, with(example, path, text(hostile))), write + " " + path + " = " + hostile);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void numbersOutOfRangeAreRefused(String write, JsonNode example) {
        for (String path : paths(example, "")) {
            if (example.at(path).isNumber()) {
                for (String number : List.of("-1", "9223372036854775808", "1e400", "0.5")) {
                    assertNoFailure(
                            send(write, with(example, path, JSON.readTree(number))),
                            write + " " + path + " = " + number);
                }
            }
        }
    }

    private static Answer send(String write, JsonNode body) {
        String[] methodAndPath = WRITES.get(write).split(" ");
        return switch (methodAndPath[0]) {
            case "PATCH" -> person.patch(methodAndPath[1], body.toString(), "If-Match", "*");
            case "PUT" -> person.put(methodAndPath[1], body.toString(), "If-Match", "*");
            default -> person.post(methodAndPath[1], body.toString());
        };
    }

    private static void assertNoFailure(Answer answer, String what) {
        assertThat(answer.status()).as("%s: %s", what, answer.body()).isLessThan(500);
        if (answer.status() >= 400) {
            assertThat(answer.text("/type")).as(what).startsWith("https://petiole.dev/problems/");
            assertThat(answer.text("/detail")).as(what).doesNotContain("dev.petiole.", "java.", "Exception", "SQL");
        }
    }

    private static void assertNamed(Answer answer, String path, String what) {
        assertThat(answer.status()).as("%s: %s", what, answer.body()).isEqualTo(400);
        String field = path.substring(1)
                .replaceAll("/(\\d+)", "[$1]")
                .replace('/', '.')
                .replace("~1", "/")
                .replace("~0", "~");
        List<String> named = answer.json()
                .path("errors")
                .valueStream()
                .map(error -> error.path("field").asString())
                .toList();
        assertThat(named)
                .as("%s: %s", what, answer.body())
                .anyMatch(name -> name.equals("body") || field.startsWith(name) || name.startsWith(field));
    }

    /// What the wrong value would be right for: free-form objects take any.
    private static boolean isOfThatType(JsonNode present, String wrong) {
        return present.isObject() && wrong.startsWith("{") || present.isNumber() && wrong.startsWith("1");
    }

    /// @return JSON pointers to all fields
    private static List<String> paths(JsonNode node, String at) {
        List<String> paths = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String path = at + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
                paths.add(path);
                paths.addAll(paths(member.getValue(), path));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                paths.add(at + "/" + i);
                paths.addAll(paths(array.get(i), at + "/" + i));
            }
        }
        return paths;
    }

    private static JsonNode with(JsonNode example, String path, JsonNode value) {
        JsonNode copy = example.deepCopy();
        int slash = path.lastIndexOf('/');
        JsonNode around = copy.at(path.substring(0, slash));
        if (around instanceof ArrayNode array) {
            array.set(Integer.parseInt(path.substring(slash + 1)), value);
        } else {
            ((ObjectNode) around).set(key(path), value);
        }
        return copy;
    }

    private static String key(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    private static JsonNode without(JsonNode example, String path) {
        JsonNode copy = example.deepCopy();
        int slash = path.lastIndexOf('/');
        JsonNode around = copy.at(path.substring(0, slash));
        if (around instanceof ArrayNode array) {
            array.remove(Integer.parseInt(path.substring(slash + 1)));
        } else {
            ((ObjectNode) around).remove(key(path));
        }
        return copy;
    }

    private static JsonNode document() throws IOException {
        return JSON.readTree(Files.readAllBytes(Path.of("../api-contracts/src/main/openapi/petiole.json")));
    }

    private static JsonNode text(String text) {
        return JSON.getNodeFactory().stringNode(text);
    }
}
