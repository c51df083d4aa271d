package dev.petiole.registry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryUnreachable;
import dev.petiole.registry.client.Trust;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.MountedCertificate;
import dev.petiole.registry.testing.RunningRegistry;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API over TLS, with a certificate that is mounted and replaced as the kubelet does it.
class TlsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private MountedCertificate mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedCertificate.in(directory.resolve("tls"), "first");
    }

    /// Certificate and authority change while a client lives on and a watch is open.
    @Test
    void aRotatedCertificateIsServedWithoutARestartAndAnOpenWatchGoesOn() throws Exception {
        try (RunningRegistry registry = RunningRegistry.start(directory, mounted.properties());
                EventLog stream = EventLog.open(
                        uri(registry).resolve("/api/v1/configurations"), null, Trust.file(mounted.caFile()))) {
            RegistryClient client = client(registry, mounted.caFile());
            stream.next(1);
            put(client, "before");
            assertThat(stream.next(1).getFirst().data()).contains("\"before\"");

            mounted.rotate("second");

            await().atMost(LIMIT).until(() -> served(registry), mounted.certificate()::equals);
            put(client, "after");
            assertThat(stream.next(1).getFirst().data()).contains("\"after\"");
            put(client(registry, mounted.caFile()), "by-another");
            assertThat(stream.next(1).getFirst().data()).contains("\"by-another\"");
        }
    }

    @Test
    void aClientThatBelievesInAnotherAuthorityIsToldSo() throws Exception {
        Path other =
                MountedCertificate.in(directory.resolve("other"), "another").caFile();
        try (RunningRegistry registry = RunningRegistry.start(directory, mounted.properties())) {
            RegistryClient client = client(registry, other);

            assertThatExceptionOfType(RegistryUnreachable.class)
                    .isThrownBy(() -> client.nodes().list(null, null))
                    .withMessageContaining("CN=registry, issued by CN=first, is not accepted")
                    .withMessageContaining(other.toString());
        }
    }

    @Test
    void whoSpeaksWithoutTlsIsToldSoAndHealthIsNotServedOverIt() throws Exception {
        try (RunningRegistry registry = RunningRegistry.start(directory, mounted.properties());
                Socket plain = new Socket("127.0.0.1", uri(registry).getPort())) {
            plain.getOutputStream()
                    .write("GET /api/v1/nodes HTTP/1.1\r\nHost: registry\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400")
                    .contains("This combination of host and port requires TLS.");
            assertThat(get(registry.managementUri().resolve("/actuator/health/readiness"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    private static RegistryClient client(RunningRegistry registry, Path caFile) {
        return new RegistryClient(uri(registry), Credentials.NONE, Trust.file(caFile));
    }

    private static URI uri(RunningRegistry registry) {
        return URI.create("https://127.0.0.1:" + registry.uri().getPort());
    }

    private static void put(RegistryClient client, String name) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", name, new ConfigurationWrite("uid-" + name, 1L, spec));
    }

    /// @return the certificate that a new connection gets to see
    private static Certificate served(RunningRegistry registry) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (var socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", registry.uri().getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /// Believes everybody: here the certificate itself is looked at.
    private static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
