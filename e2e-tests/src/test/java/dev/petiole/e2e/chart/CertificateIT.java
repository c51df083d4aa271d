package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The certificate that the chart makes for the registry, installed and upgraded on a real API server, which it asks
/// for what it made before.
class CertificateIT extends ReleaseOnApiServer {

    private static final String REGISTRY = "petiole-registry-service";
    private static final String AUTHORITY = "petiole-registry-authority";
    private static final String CERTIFICATE = "petiole-registry-tls";
    private static final List<String> CLIENTS = List.of("petiole-discovery-service", "petiole-broker-scheduler");

    @Test
    void itIsOfAnAuthorityOfItsOwnAndBothOutliveUpgrades() throws GeneralSecurityException {
        apply(Map.of());

        X509Certificate authority = certificate(AUTHORITY, "ca.crt");
        X509Certificate certificate = certificate(CERTIFICATE, "tls.crt");
        certificate.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isNotNegative();
        assertThat(names(certificate))
                .containsExactlyInAnyOrder(
                        REGISTRY,
                        REGISTRY + ".petiole-system",
                        REGISTRY + ".petiole-system.svc",
                        REGISTRY + ".petiole-system.svc.cluster.local",
                        "localhost",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1");
        assertThat(get("configmap", "petiole-registry-ca").at("/data/ca.crt").asString(""))
                .isEqualToIgnoringNewLines(text(AUTHORITY, "ca.crt"));
        assertOnlyTheRegistryHasTheKeys();
        assertThat(kubectl.json("get", "validatingwebhookconfigurations", "petiole-discovery-details")
                        .at("/webhooks/0/clientConfig/caBundle")
                        .asString(""))
                .isEqualTo(get("secret", AUTHORITY).at("/data/ca.crt").asString());

        apply(Map.of());

        assertThat(certificate(AUTHORITY, "ca.crt")).isEqualTo(authority);
        assertThat(certificate(CERTIFICATE, "tls.crt")).isEqualTo(certificate);

        apply(Map.of("registry.tls.dnsNames[0]", "registry.example"));

        X509Certificate another = certificate(CERTIFICATE, "tls.crt");
        assertThat(names(another)).contains("registry.example", REGISTRY);
        assertThat(certificate(AUTHORITY, "ca.crt")).isEqualTo(authority);
        another.verify(authority.getPublicKey());

        makeItOld();
        apply(Map.of("registry.tls.dnsNames[0]", "registry.example"));

        X509Certificate renewed = certificate(CERTIFICATE, "tls.crt");
        assertThat(renewed).isNotEqualTo(another);
        renewed.verify(authority.getPublicKey());
    }

    /// Whoever has the authority's key can pass for the registry.
    private void assertOnlyTheRegistryHasTheKeys() {
        List<JsonNode> workloads = kubectl.list("deployments,daemonsets,statefulsets", "-n", RenderedChart.NAMESPACE);
        assertThat(workloads).extracting(CertificateIT::name).contains(REGISTRY).containsAll(CLIENTS);
        assertThat(workloads)
                .allSatisfy(
                        workload -> assertThat(workload.at("/spec").toString()).doesNotContain(AUTHORITY));
        assertThat(workloads)
                .filteredOn(workload -> CLIENTS.contains(name(workload)))
                .allSatisfy(client -> assertThat(client.at("/spec").toString())
                        .contains("https://petiole-registry-service:8080", "petiole-registry-ca")
                        .doesNotContain(CERTIFICATE));
    }

    private void makeItOld() {
        kubectl.output(
                "annotate",
                "secret",
                CERTIFICATE,
                "-n",
                RenderedChart.NAMESPACE,
                "--overwrite",
                "petiole.dev/renew-after=1");
    }

    private X509Certificate certificate(String secret, String key) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(text(secret, key).getBytes(StandardCharsets.US_ASCII)));
    }

    private String text(String secret, String key) {
        String data = get("secret", secret).at("/data/" + key).asString("");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
    }

    private JsonNode get(String kind, String name) {
        return kubectl.json("get", kind, name, "-n", RenderedChart.NAMESPACE);
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asString("");
    }

    private static List<String> names(X509Certificate certificate) throws GeneralSecurityException {
        return certificate.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }
}
