package dev.petiole.discovery.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class YamlDetailsTests {

    record Details(List<String> urls, @Nullable Filter filter) {
        Details {
            if (urls == null) {
                throw new InvalidDetails("discoveryDetails.urls: missing (expected: a list of URLs)");
            }
        }
    }

    record Filter(boolean exact) {}

    @Test
    void readsYamlAndJsonAlike() {
        Details yaml = YamlDetails.read("urls:\n- a\nfilter: {exact: true}\n", Details.class);
        Details json = YamlDetails.read("{\"urls\": [\"a\"], \"filter\": {\"exact\": true}}", Details.class);

        assertThat(yaml).isEqualTo(json).isEqualTo(new Details(List.of("a"), new Filter(true)));
    }

    @Test
    void namesAnUnknownFieldAndTheKnownOnes() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> YamlDetails.read("urls: []\nfilter: {exakt: true}", Details.class))
                .withMessage("discoveryDetails.filter.exakt: unknown field (known fields: exact)");
    }

    @Test
    void passesOnWhatTheRecordItselfRefuses() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> YamlDetails.read("", Details.class))
                .withMessage("discoveryDetails.urls: missing (expected: a list of URLs)");
    }

    @Test
    void namesAFieldOfTheWrongType() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> YamlDetails.read("urls: {a: b}", Details.class))
                .withMessageStartingWith("discoveryDetails.urls: ");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> YamlDetails.read("{[", Details.class))
                .withMessageStartingWith("discoveryDetails: not YAML: ");
    }
}
