package dev.petiole.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.Person.Answer;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every field of every write that is an example in the document, given with a wrong type, missing, oversized and with
/// hostile values: nothing is a failure, and what is refused names the field or one around it.
class EveryFieldIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String THING = "/petiole.dev/default/";

    // Where a write goes. What it is refused for besides its fields comes after them.
    private static final Map<String, String> WRITES = Map.of(
            "createConfiguration", "POST /configurations",
            "putConfiguration", "PUT /configurations" + THING + "scales",
            "patchConfiguration", "PATCH /configurations" + THING + "patched",
            "decideDevice", "PUT /devices" + THING + "scales-umu3s6fruz/admission",
            "decideDevices", "POST /inbox/decisions",
            "tryAdmissionRules", "POST /inbox/dry-run",
            "renewLease", "PUT /agents/node-1/lease",
            "observe", "PUT /agents/node-1/observations",
            "claim", "POST /agents/node-1/claims",
            "reportUsage", "PUT /agents/node-1/usage");

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
        String field = path.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.');
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
                paths.addAll(paths(array.get(i), at + "/" + i));
            }
        }
        return paths;
    }

    private static JsonNode with(JsonNode example, String path, JsonNode value) {
        JsonNode copy = example.deepCopy();
        int slash = path.lastIndexOf('/');
        ((ObjectNode) copy.at(path.substring(0, slash)))
                .set(path.substring(slash + 1).replace("~1", "/"), value);
        return copy;
    }

    private static JsonNode without(JsonNode example, String path) {
        JsonNode copy = example.deepCopy();
        int slash = path.lastIndexOf('/');
        ((ObjectNode) copy.at(path.substring(0, slash))).remove(Set.of(path.substring(slash + 1)));
        return copy;
    }

    private static JsonNode text(String text) {
        return JSON.getNodeFactory().stringNode(text);
    }
}
