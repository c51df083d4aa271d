package dev.petiole.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The API keeps what clients rely on: `relied-on.json` is the document as of the last time a break was accepted, and
/// no later one may break it. To accept a break, copy `petiole.json` over it and say so in the changelog.
class BreakingChangesIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Oasdiff oasdiff;
    private static Path reliedOn;
    private static Path now;

    @TempDir
    private Path directory;

    @BeforeAll
    static void find() {
        Optional<Oasdiff> found = Oasdiff.find();
        boolean isRequired = "required".equals(System.getProperty("e2e", System.getenv("E2E")));
        assumeTrue(found.isPresent() || isRequired, "Go is missing: it builds oasdiff");
        oasdiff = found.orElseThrow();
        Path contracts = Repository.find().path("api-contracts", "src", "main", "openapi");
        reliedOn = contracts.resolve("relied-on.json");
        now = contracts.resolve("petiole.json");
    }

    @Test
    void nobodyIsBroken() {
        Result result = oasdiff.compare(reliedOn, now);

        assertThat(result.isSuccess()).as(result.output() + result.error()).isTrue();
    }

    /// The guard itself: were one of these let through, it would guard nothing.
    @ParameterizedTest
    @EnumSource
    void aPlantedBreakIsNoticed(Break planted) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(now.toFile());
        String before = document.toString();
        planted.change.accept(document);
        assertThat(document.toString()).isNotEqualTo(before);
        Path broken = Files.writeString(directory.resolve("broken.json"), document.toString());

        Result result = oasdiff.compare(now, broken);

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.output()).contains("[" + planted.rule + "]");
    }

    enum Break {
        A_PATH_IS_GONE(
                "api-path-removed-without-deprecation",
                document -> paths(document).remove("/api/v1/devices")),
        AN_OPERATION_IS_GONE(
                "api-removed-without-deprecation",
                document -> ((ObjectNode) paths(document).get("/api/v1/configurations/{group}/{namespace}/{name}"))
                        .remove("delete")),
        A_FIELD_OF_AN_ANSWER_IS_GONE("response-optional-property-removed", document -> {
            ObjectNode device = schema(document, "Device");
            ((ObjectNode) device.get("properties")).remove("presence");
            if (device.get("required") instanceof ArrayNode required) {
                required.removeIf(name -> name.asString().equals("presence"));
            }
        }),
        A_FIELD_OF_AN_ANSWER_HAS_ANOTHER_TYPE(
                "response-property-type-changed",
                document -> ((ObjectNode)
                                schema(document, "Device").get("properties").get("capacity"))
                        .put("type", "string")
                        .remove("format")),
        A_FIELD_OF_A_REQUEST_IS_NOW_REQUIRED(
                "request-property-became-required",
                document -> ((ObjectNode) schema(document, "ConfigurationWrite"))
                        .withArray("required")
                        .add("generation")),
        A_QUERY_PARAMETER_IS_NOW_REQUIRED(
                "request-parameter-became-required",
                document -> ((ObjectNode) paths(document).at("/~1api~1v1~1devices/get/parameters/0"))
                        .put("required", true));

        private final String rule;
        private final Consumer<ObjectNode> change;

        /// @param rule oasdiff's name of it
        Break(String rule, Consumer<ObjectNode> change) {
            this.rule = rule;
            this.change = change;
        }

        private static ObjectNode paths(ObjectNode document) {
            return (ObjectNode) document.get("paths");
        }

        private static ObjectNode schema(ObjectNode document, String name) {
            return (ObjectNode) document.at("/components/schemas/" + name);
        }
    }
}
