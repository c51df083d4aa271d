package dev.petiole.scheduler.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTests {

    private static final Values VALUES = new Values(
            Map.of("device.name", "scales-aaaaaaaaaa", "configuration.name", "scales"),
            Map.of("URL", "opc.tcp://Scale 1/", "a.b", "dotted", "EMPTY", "", "EVIL", "{{ device.name }}"));

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {{ device.name }}                             ; scales-aaaaaaaaaa
            {{device.name}}                               ; scales-aaaaaaaaaa
            at {{ device.properties.URL }}!               ; at opc.tcp://Scale 1/!
            {{ device.properties["a.b"] }}                ; dotted
            {{ device.properties.NONE | default "x y" }}  ; x y
            {{ device.properties.EMPTY | default "x" }}   ; x
            {{ device.properties.URL | lower }}           ; opc.tcp://scale 1/
            {{ device.properties.URL | label }}           ; opc.tcp---Scale-1
            {{ device.properties.URL | dnsLabel }}        ; opc-tcp---scale-1
            {{ device.properties.NONE|default "A"|lower }}; a
            {{ "{{ device.name }}" }}                     ; {{ device.name }}
            {{ "\\"\\\\" }}                               ; "\\
            {{ device.name }}/{{ configuration.name }}    ; scales-aaaaaaaaaa/scales
            """)
    void aTextIsFilledIn(String text, String filled) {
        assertThat(fill(text)).isEqualTo(filled);
    }

    /// Akri's placeholder and other languages' braces.
    @ParameterizedTest
    @ValueSource(
            strings = {"{{PLACEHOLDER}}", "{{ .Values.x }}", "{{ devices }}", "{ device.name }", "{{", "}}", "$(A)"})
    void whatIsNoExpressionIsLeftAsItIs(String text) {
        assertThat(fill(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {{ device.name                     ; expected: '}}'
            {{ device.nmae }}                  ; no device.nmae here (expected: one of configuration.name, device.name
            {{ device.properties.NONE }}       ; the device has no value for device.properties.NONE
            {{ device.name | upper }}          ; no filter upper (expected: default, lower, label or dnsLabel)
            {{ device.name | default x }}      ; a text in double quotes
            {{ device.properties["a.b" }}      ; expected: ']'
            {{ "never ends }}                  ; a closing double quote
            {{ device. }}                      ; expected: a name
            {{ device.name + "x" }}            ; expected: '}}'
            """)
    void whatCanNotBeFilledInIsToldWithTheRemedy(String text, String remedy) {
        assertThatThrownBy(() -> fill(text)).isInstanceOf(TemplateFault.class).hasMessageContaining(remedy);
    }

    @Test
    void whatIsInsertedIsNotReadAgain() {
        assertThat(fill("{{ device.properties.EVIL }}")).isEqualTo("{{ device.name }}");
    }

    /// Whatever a template says, it is filled in or told, in time that grows with its length: nothing else can happen.
    @Test
    void anyTextIsFilledInOrTold() {
        var random = new Random(7);
        String[] parts = {
            "{{",
            "}}",
            " ",
            "device",
            ".",
            "properties",
            "[",
            "]",
            "\"",
            "\\",
            "|",
            "default",
            "label",
            "URL",
            "x",
            "\0",
            "{{ device.name }}",
            "{{ \"",
            "\uD83D\uDE00",
            "$(",
            "\n"
        };
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                assertThat(fill(text.toString())).isNotNull();
            } catch (TemplateFault e) {
                assertThat(e).hasMessageMatching("(?s).*(expected|remedy).*");
            }
        }
    }

    /// Whatever the device says, a label is a label.
    @Test
    void aFilteredValueIsAlwaysValid() {
        var random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            String value = random.ints(random.nextInt(100), 1, 0x250)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
            var values = new Values(Map.of(), Map.of("X", value));

            assertThat(Expression.fill("{{ device.properties.X | label }}", values, one -> one))
                    .matches("(|[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)");
            assertThat(Expression.fill("{{ device.properties.X | dnsLabel }}", values, one -> one))
                    .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
        }
    }

    @Test
    void aTextThatGrowsBeyondAllBoundsIsTold() {
        var values = new Values(Map.of(), Map.of("X", "x".repeat(20_000)));

        assertThatThrownBy(
                        () -> Expression.fill("{{ device.properties.X }}{{ device.properties.X }}", values, one -> one))
                .hasMessageContaining("32768 characters");
    }

    private static String fill(String text) {
        return Expression.fill(text, VALUES, value -> value);
    }
}
