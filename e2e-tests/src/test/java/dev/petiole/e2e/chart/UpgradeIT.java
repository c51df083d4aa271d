package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// What an upgrade finds in a cluster, on a real API server.
class UpgradeIT extends ReleaseOnApiServer {

    /// Helm brings no definitions on an upgrade, and a policy of an unknown kind refuses every Pod of the cluster.
    @Test
    void withoutTheKindThatThePoliciesReadItIsRefusedInWords() {
        apply(Map.of());
        kubectl.output("delete", "crd", "deviceconsumers.petiole.dev");

        assertThatThrownBy(() -> apply(Map.of()))
                .hasMessageContaining("no kind DeviceConsumers")
                .hasMessageContaining("remedy: kubectl apply --server-side --force-conflicts -f charts/petiole/crds/");

        kubectl.output(
                "apply",
                "--server-side",
                "-f",
                RenderedChart.DIRECTORY.resolve("crds").toString());
        assertThatCode(() -> apply(Map.of())).doesNotThrowAnyException();
    }
}
