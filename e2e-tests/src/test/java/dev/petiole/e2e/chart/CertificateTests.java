package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The registry's certificate, wherever it comes from.
class CertificateTests {

    private static final String REGISTRY = "petiole-registry-service";
    private static final List<String> CLIENTS = List.of("petiole-discovery-service", "petiole-broker-scheduler");

    @Test
    void theGeneratedCertificateIsOfTheGeneratedAuthorityAndOfEveryNameOfTheService() throws Exception {
        RenderedChart chart = RenderedChart.of(Map.of("registry.tls.dnsNames[0]", "registry.example"));
        X509Certificate authority = certificate(chart.get("Secret", "petiole-registry-authority"), "ca.crt");
        X509Certificate certificate = certificate(chart.get("Secret", "petiole-registry-tls"), "tls.crt");

        certificate.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isNotNegative();
        assertThat(names(certificate))
                .containsExactlyInAnyOrder(
                        REGISTRY,
                        REGISTRY + ".petiole-system",
                        REGISTRY + ".petiole-system.svc",
                        REGISTRY + ".petiole-system.svc.cluster.local",
                        "localhost",
                        "registry.example",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1");
        assertThat(chart.get("ConfigMap", "petiole-registry-ca").replaceAll("\\s", ""))
                .contains(Base64.getEncoder().encodeToString(authority.getEncoded()));
    }

    /// Whoever has it can pass for the registry.
    @Test
    void noPodGetsTheAuthoritysKeyAndNoClientTheRegistrys() {
        RenderedChart chart = RenderedChart.of(Map.of());
        assertThat(chart.workloads())
                .allSatisfy(workload -> assertThat(workload.text()).doesNotContain("petiole-registry-authority"));
        assertThat(chart.workloads())
                .filteredOn(workload -> CLIENTS.contains(workload.name()))
                .hasSize(2)
                .allSatisfy(client -> assertThat(client.text())
                        .contains(
                                "https://petiole-registry-service:8080",
                                "configMap:\n                name: petiole-registry-ca")
                        .doesNotContain("petiole-registry-tls"));
    }

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
                .contains("configMap:\n                name: trust")
                .doesNotContain("name: mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret,registry.tls.secretName: empty", "certManager,registry.tls.issuer.name: empty"})
    void whatIsMissingIsNamed(String sourceAndMessage) {
        String[] parts = sourceAndMessage.split(",");
        assertThatThrownBy(() -> RenderedChart.of(Map.of("registry.tls.source", parts[0])))
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

    private static X509Certificate certificate(String secret, String key) throws Exception {
        Matcher matcher =
                Pattern.compile("(?m)^  " + Pattern.quote(key) + ": (\\S+)$").matcher(secret);
        assertThat(matcher.find()).as(key).isTrue();
        String pem = new String(Base64.getDecoder().decode(matcher.group(1)), StandardCharsets.US_ASCII);
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static List<String> names(X509Certificate certificate) throws Exception {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names.stream().map(name -> String.valueOf(name.get(1))).toList();
    }
}
