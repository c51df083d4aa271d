package dev.petiole.scheduler.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.petiole.api.configuration.AdmissionRule;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ConfigurationSpecsTests {

    private final ConfigurationSpecs specs =
            new ConfigurationSpecs(JsonMapper.builder().build());

    @Test
    void aSpecIsReadInFull() {
        ConfigurationSpec spec = specs.parse(JsonParser.parseString("""
                {"spec": {
                  "discoveryHandler": {"name": "opcua", "discoveryDetails": "a: b",
                    "discoveryProperties": [{"name": "K", "value": "v"}]},
                  "capacity": 3,
                  "brokerSpec": {"brokerPodSpec": {"containers": [{"name": "c", "image": "i"}]}},
                  "brokerProperties": {"A": "1"},
                  "gracePeriod": "1m30s",
                  "nodeSelector": {"zone": "yard"},
                  "admission": "Manual",
                  "exposure": "DevicePlugin",
                  "admissionRules": [{"name": "ours", "match": [{"property": "VENDOR", "values": ["Acme"]}],
                    "block": [{"property": "URL", "operator": "Like", "values": ["*test*"]}]}]
                }}
                """).getAsJsonObject());

        assertThat(spec.discoveryHandler().name()).isEqualTo("opcua");
        assertThat(spec.discoveryHandler().discoveryProperties()).hasSize(1);
        assertThat(spec.capacity()).isEqualTo(3);
        assertThat(spec.brokerSpec()).containsKey("brokerPodSpec");
        assertThat(spec.gracePeriod()).isEqualTo(Duration.ofSeconds(90));
        assertThat(spec.nodeSelector()).isEqualTo(Map.of("zone", "yard"));
        assertThat(spec.admission()).isEqualTo(AdmissionMode.MANUAL);
        assertThat(spec.admissionRules()).singleElement().satisfies(rule -> {
            assertThat(rule.name()).isEqualTo("ours");
            assertThat(rule.match().getFirst().values()).containsExactly("Acme");
            assertThat(rule.block().getFirst().operator()).isEqualTo(AdmissionRule.Operator.LIKE);
        });
    }

    @ParameterizedTest
    @CsvSource({"10s,PT10S", "500ms,PT0.5S", "1m30s,PT1M30S", "2h,PT2H", "0s,PT0S"})
    void durationsAreWrittenAsInKubernetes(String text, Duration expected) {
        assertThat(ConfigurationSpecs.parseDuration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "s", "10 s", "-1s", "1d", "10sx", "99999999999999999999s", "9223372036854775807h"})
    void anythingElseIsRefusedWithTheRemedy(String text) {
        assertThatThrownBy(() -> ConfigurationSpecs.parseDuration(text))
                .isInstanceOf(ConfigurationSpecs.Unreadable.class)
                .hasMessageContaining("gracePeriod")
                .hasMessageContaining("expected");
    }
}
