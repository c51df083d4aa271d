package dev.petiole.api.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationSpecTests {

    private static final DiscoveryHandlerSpec HANDLER = new DiscoveryHandlerSpec("debugEcho", "", List.of());

    @Test
    void anEmptyBrokerOrServiceIsNone() {
        ConfigurationSpec spec =
                new ConfigurationSpec(HANDLER, null, Map.of(), Map.of(), Map.of(), null, null, null, null, null);

        assertThat(spec).isEqualTo(ConfigurationSpec.of(HANDLER, 1));
        assertThat(spec.brokerSpec()).isNull();
        assertThat(spec.instanceServiceSpec()).isNull();
        assertThat(spec.configurationServiceSpec()).isNull();
    }

    @Test
    void whatABrokerSaysIsKept() {
        Map<String, Object> broker = Map.of("brokerPodSpec", Map.of());

        assertThat(new ConfigurationSpec(HANDLER, null, broker, null, null, null, null, null, null, null).brokerSpec())
                .isEqualTo(broker);
    }
}
