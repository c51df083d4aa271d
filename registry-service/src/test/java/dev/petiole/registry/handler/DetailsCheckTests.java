package dev.petiole.registry.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.problem.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Details against schemas, by the words of JSON Schema (2020-12, validation §6 and applicators §10).
class DetailsCheckTests {

    private static final String PATH = "spec.discoveryHandler.discoveryDetails";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            {type: object}                                        | a: 1               | -             | -
            {type: object}                                        | [a]                | ""            | must be object
            {type: object}                                        | ""                 | -             | -
            {required: [a]}                                       | ""                 | .a            | must be given
            {properties: {a: {type: string}}}                     | a: 1               | .a            | must be string
            {properties: {a: {type: [string, "null"]}}}           | a:                 | -             | -
            {properties: {a: {type: [string, integer]}}}          | a: {}              | .a            | must be string or integer
            {properties: {a: {type: integer}}}                    | a: 1.0             | -             | -
            {properties: {a: {type: integer}}}                    | a: 1.5             | .a            | must be integer
            {properties: {a: {type: number}}}                     | a: 1.5             | -             | -
            {properties: {a: {type: boolean}}}                    | a: "yes"           | .a            | must be boolean
            {properties: {a: {enum: [x, 2]}}}                     | a: 2               | -             | -
            {properties: {a: {enum: [x, 2]}}}                     | a: y               | .a            | must be one of [x, 2]
            {properties: {a: {const: x}}}                         | a: y               | .a            | must be x
            {properties: {a: {minLength: 1}}}                     | a: ""              | .a            | must have at least 1 characters
            {properties: {a: {maxLength: 1}}}                     | a: xy              | .a            | must have at most 1 characters
            {properties: {a: {minimum: 1}}}                       | a: 0               | .a            | must be at least 1
            {properties: {a: {maximum: 1}}}                       | a: 2               | .a            | must be at most 1
            {properties: {a: {minItems: 1}}}                      | a: []              | .a            | must have at least 1 items
            {properties: {a: {maxItems: 1}}}                      | a: [1, 2]          | .a            | must have at most 1 items
            {properties: {a: {uniqueItems: true}}}                | a: [1, 1]          | .a            | must not have an item twice
            {properties: {a: {items: {type: string}}}}            | a: [x, 1]          | .a[1]         | must be string
            {properties: {a: {properties: {b: {type: string}}}}}  | a: {b: 1}          | .a.b          | must be string
            {properties: {a: {}}, additionalProperties: false}    | b: 1               | .b            | "is unknown (known here: a)"
            {properties: {a: {anyOf: [{type: string}, {type: integer}]}}} | a: 1       | -             | -
            {properties: {a: {anyOf: [{type: string}]}}}          | a: 1               | .a            | must be string
            """)
    void theFieldThatIsWrongIsNamed(String schema, String details, String field, String message) {
        List<FieldError> errors = DetailsCheck.check(details.equals("\"\"") ? "" : details, schema(schema));

        if (field == null) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).containsExactly(new FieldError(PATH + field, message));
        }
    }

    @Test
    void whatIsNoYamlIsRefused() {
        assertThat(DetailsCheck.check("a: [", schema("{type: object}")))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo(PATH))
                .satisfies(error -> assertThat(error.message()).startsWith("must be YAML: "));
    }

    /// Ten levels of ten aliases each would be ten thousand million items.
    @Test
    void yamlThatGrowsWhenItIsReadIsRefusedOrHarmless() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 10; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> DetailsCheck.check(bomb.toString(), schema("{type: object}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {$ref: "http://elsewhere/schema"}    | /$ref
            {properties: {a: {pattern: "x"}}}    | /properties/a/pattern
            {type: text}                         | /type
            {items: [1]}                         | /items
            {minLength: many}                    | /minLength
            {anyOf: []}                          | /anyOf
            """)
    void aSchemaBeyondTheVocabularyIsRefused(String schema, String where) {
        assertThat(DetailsSchema.findFault(schema(schema)))
                .hasValueSatisfying(fault -> assertThat(fault).contains(where));
    }

    @Test
    void aSchemaWithoutEndIsRefused() {
        String schema = "{items: ".repeat(13) + "{}" + "}".repeat(13);

        assertThat(DetailsSchema.findFault(schema(schema)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("levels deep"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> schema(String yaml) {
        return new YAMLMapper().readValue(yaml, Map.class);
    }
}
