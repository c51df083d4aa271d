package dev.petiole.registry.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationRecordTests {

    private static final Map<String, Map<String, String>> LABELS =
            Map.of("n1", Map.of("zone", "a", "disk", "ssd"), "n2", Map.of("zone", "b"), "n3", Map.of());

    @Test
    void withoutASelectorItIsForEveryNodeKnownOrNot() {
        ConfigurationRecord configuration = configuration(Map.of()).retargeted(Map.of());

        assertThat(configuration.isFor("n1")).isTrue();
        assertThat(configuration.targets()).isNull();
    }

    @Test
    void aSelectorNeedsAllItsLabels() {
        assertThat(configuration(Map.of("zone", "a")).retargeted(LABELS).targets())
                .containsExactly("n1");
        assertThat(configuration(Map.of("zone", "b", "disk", "ssd"))
                        .retargeted(LABELS)
                        .targets())
                .isEmpty();
        assertThat(configuration(Map.of("zone", "a")).retargeted(Map.of()).isFor("n1"))
                .isFalse();
    }

    @Test
    void whatANodeSaidIsForgottenWhenItIsNoLongerSelected() {
        ConfigurationRecord configuration = configuration(Map.of("zone", "a"))
                .retargeted(LABELS)
                .withDiscovery(new NodeDiscovery("n1", DiscoveryState.RUNNING, null, null, 1, 0));
        assertThat(configuration.discoveries()).hasSize(1);

        assertThat(configuration.retargeted(Map.of("n2", Map.of("zone", "a"))).discoveries())
                .isEmpty();
    }

    private static ConfigurationRecord configuration(Map<String, String> selector) {
        var handler = new DiscoveryHandlerSpec("debugEcho", "", null);
        var spec = new ConfigurationSpec(handler, 1, null, null, null, null, null, selector, null, null);
        return ConfigurationRecord.of(ConfigurationKey.of("default", "scales"), "uid", 1, ManagedBy.KUBERNETES, spec);
    }
}
