package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The registry's certificate, wherever it comes from.
class CertificateTests {

    private static final String REGISTRY = "petiole-registry-service";

    @Test
    void certManagerMakesIt() {
        RenderedChart chart = RenderedChart.of(Map.of(
                "registry.tls.source", "certManager",
                "registry.tls.issuer.name", "cluster-ca",
                "registry.tls.issuer.kind", "ClusterIssuer"));

        assertThat(chart.get("Certificate", "petiole-registry-tls"))
                .contains(
                        "name: cluster-ca", "kind: ClusterIssuer", "secretName: petiole-registry-tls", "\"localhost\"");
        assertThat(chart.manifests()).noneMatch(manifest -> manifest.kind().equals("Secret"));
        assertThat(chart.get("DaemonSet", "petiole-discovery-service"))
                .contains("- {key: ca.crt, path: ca.crt}")
                .doesNotContain("tls.key");
    }

    @Test
    void aSecretOfOnesOwnIsServedAndAConfigMapBelievedIn() {
        RenderedChart chart = RenderedChart.of(Map.of(
                "registry.tls.source", "secret",
                "registry.tls.secretName", "mine",
                "registry.tls.caConfigMap", "trust"));

        assertThat(chart.get("StatefulSet", REGISTRY)).contains("secretName: mine");
        assertThat(chart.get("DaemonSet", "petiole-discovery-service"))
                .containsPattern("configMap:\\s+name: trust")
                .doesNotContain("name: mine");
    }

    /// It is asked by TLS, whose authority it has to know.
    @Test
    void theApiServerAsksTheRegistryWhereItKnowsItsAuthority() {
        String webhooks = "ValidatingWebhookConfiguration";
        String details = "petiole-discovery-details";

        assertThat(RenderedChart.of(Map.of("admission.details.caBundle", "cGVt"))
                        .get(webhooks, details))
                .contains("caBundle: cGVt", "failurePolicy: Ignore");
        assertThat(RenderedChart.of(
                                Map.of("registry.tls.source", "certManager", "registry.tls.issuer.name", "cluster-ca"))
                        .get(webhooks, details))
                .contains("cert-manager.io/inject-ca-from: petiole-system/petiole-registry-tls")
                .doesNotContain("caBundle");
        for (Map<String, Object> values : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("registry.tls.enabled", false, "admission.details.caBundle", "cGVt"),
                Map.of("admission.details.enabled", false, "admission.details.caBundle", "cGVt"))) {
            assertThat(RenderedChart.of(values).manifests())
                    .noneMatch(manifest -> manifest.kind().equals(webhooks));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret,registry.tls.secretName: empty", "certManager,registry.tls.issuer.name: empty"})
    void whatIsMissingIsNamed(String sourceAndMessage) {
        String[] parts = sourceAndMessage.split(",");
        assertThatThrownBy(
                        () -> RenderedChart.of(Map.of("registry.tls.source", parts[0], "registry.tls.secretName", "")))
                .hasMessageContaining(parts[1]);
    }

    @Test
    void withoutTlsThereIsNoCertificate() {
        RenderedChart chart = RenderedChart.of(Map.of("registry.tls.enabled", false));

        assertThat(chart.manifests()).noneMatch(manifest -> manifest.text().contains("petiole-registry-tls"));
        assertThat(chart.get("DaemonSet", "petiole-discovery-service"))
                .contains("http://petiole-registry-service:8080")
                .doesNotContain("CA_FILE");
    }
}
