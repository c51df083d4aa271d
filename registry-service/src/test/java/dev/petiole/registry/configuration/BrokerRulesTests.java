package dev.petiole.registry.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.problem.FieldError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

class BrokerRulesTests {

    private static final Path DEFINITION =
            Path.of("..", "charts", "petiole", "crds", "configurations.petiole.dev.yaml");

    /// What the API server lets in must not be refused here: such a Configuration would never be looked at.
    @Test
    void everyKindOfTheResourceDefinitionIsTaken() {
        Set<String> kinds = fields();
        kinds.removeAll(Set.of("per", "maxUnavailable"));

        assertThat(kinds)
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy(kind ->
                        assertThat(errors(Map.of(kind, Map.of()))).as(kind).isEmpty());
    }

    @Test
    void otherFieldsOfTheResourceDefinitionAreTakenBesideTheKindTheyGoWith() {
        assertThat(fields()).contains("per", "maxUnavailable");

        assertThat(errors(Map.of("brokerDaemonSetSpec", Map.of(), "per", "Configuration")))
                .isEmpty();
        assertThat(errors(Map.of("brokerPodSpec", Map.of(), "maxUnavailable", 1)))
                .isEmpty();
        assertThat(errors(Map.of("brokerPodSpec", Map.of(), "maxUnavailable", "30%")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                   | spec.brokerSpec
            {"brokerPodSpec": {}, "brokerJobSpec": {}}           | spec.brokerSpec
            {"brokerPodSpec": {}, "x": 1}                        | spec.brokerSpec
            {"per": "Device"}                                    | spec.brokerSpec
            {"brokerPodSpec": {}, "per": "Device"}               | spec.brokerSpec.per
            {"brokerPool": {}, "per": "Configuration"}           | spec.brokerSpec.per
            {"brokerDeploymentSpec": {}, "per": "Node"}          | spec.brokerSpec.per
            {"brokerJobSpec": {}, "maxUnavailable": 1}           | spec.brokerSpec.maxUnavailable
            {"brokerPodSpec": {}, "maxUnavailable": 0}           | spec.brokerSpec.maxUnavailable
            {"brokerPodSpec": {}, "maxUnavailable": "101%"}      | spec.brokerSpec.maxUnavailable
            {"brokerPodSpec": {}, "maxUnavailable": null}        | spec.brokerSpec.maxUnavailable
            {"brokerPodSpec": {}, "maxUnavailable": [1]}         | spec.brokerSpec.maxUnavailable
            """)
    void whatTheResourceDefinitionRefusesIsRefusedByItsField(String spec, String field) {
        Map<String, Object> read = new TreeMap<>(new JsonMapper().readValue(spec, Map.class));

        assertThat(errors(read)).extracting(FieldError::field).containsExactly(field);
    }

    private static List<FieldError> errors(Map<String, Object> spec) {
        List<FieldError> errors = new ArrayList<>();
        BrokerRules.check(spec, errors);
        return errors;
    }

    private static Set<String> fields() {
        JsonNode definition = new YAMLMapper().readTree(DEFINITION.toFile());
        return new TreeSet<>(definition
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/brokerSpec/properties")
                .propertyNames());
    }
}
