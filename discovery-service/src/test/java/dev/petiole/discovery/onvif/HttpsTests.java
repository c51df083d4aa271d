package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.onvif.SimulatedCamera.Login;
import dev.petiole.discovery.onvif.SimulatedCamera.Settings;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A camera over HTTPS with a certificate of its own making, for the name `localhost`.
class HttpsTests {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path directory;

    private NetworkInterface loopback;
    private SSLContext certificate;
    private int port;
    private SimulatedCamera camera;

    @BeforeEach
    void start() throws Exception {
        loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        certificate = certificate();
        try (var free = new DatagramSocket(0, LOOPBACK)) {
            port = free.getLocalPort();
        }
        camera = SimulatedCamera.startHttps(
                Settings.of("abc", Login.DIGEST_SHA_256), loopback, new InetSocketAddress(LOOPBACK, port), certificate);
    }

    @AfterEach
    void stop() {
        camera.close();
    }

    @Test
    void cameraWithACertificateNobodyVouchesForIsListedAndToldNoUser() {
        var handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(() -> List.of(loopback), port));
        var input = new HandlerInput("", Map.of("username_abc", "operator", "password_abc", "hunter2"));

        try (var sightings = new RecordedSightings(handler.prepare(input))) {
            await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
                assertThat(sightings.last().devices())
                        .singleElement()
                        .satisfies(it -> assertThat(it.properties())
                                .containsEntry("ONVIF_DEVICE_SERVICE_URL", camera.url())
                                .doesNotContainKey("ONVIF_DEVICE_MODEL"));
                assertThat(sightings.last().warnings())
                        .extracting(Warning::reason)
                        .containsExactly(DiscoveryReason.CREDENTIALS_NOT_SENT);
            });
        }
        assertThat(camera.requests).isNotEmpty().allSatisfy(it -> assertThat(it).endsWith(" none"));
    }

    @Test
    void cameraWhoseCertificateIsTrustedForItsNameIsToldTheUser() throws InterruptedException {
        String byName = camera.url().replace("127.0.0.1", "localhost");

        var read = (Inspection.Read) inspect(byName);

        assertThat(read.at().trust()).isEqualTo(ServiceAddress.Trust.VERIFIED);
        assertThat(read.at().url()).hasToString(byName);
        assertThat(read.facts().identification().model()).isEqualTo("Q1786-LE");
        assertThat(read.facts().streams()).hasSize(2);
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void trustedCertificateForAnotherNameProvesNothing() throws InterruptedException {
        var read = (Inspection.Read) inspect(camera.url());

        assertThat(read.at().trust()).isEqualTo(ServiceAddress.Trust.UNVERIFIED);
        assertThat(camera.requests).isNotEmpty().allSatisfy(it -> assertThat(it).endsWith(" none"));
    }

    private Inspection inspect(String xaddr) throws InterruptedException {
        try (var transport = new SoapTransport(certificate)) {
            var session = new DeviceSession(
                    transport, new Credential("operator", "hunter2"), Clock.systemUTC(), new SecureRandom());
            var candidate = new Inspector.Candidate(LOOPBACK, new Announcement("abc", List.of(), List.of(xaddr), ""));
            return new Inspector(new Semaphore(1), Clock.systemUTC())
                    .inspect(new Inspector.Task("abc", List.of(candidate), null, false, session));
        }
    }

    /// Shows the certificate, and trusts it.
    private static SSLContext certificate() throws Exception {
        Path store = directory.resolve("store.p12");
        if (!Files.exists(store)) {
            Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
            Process process = new ProcessBuilder(
                            keytool + "",
                            "-genkeypair",
                            "-alias",
                            "camera",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store + "",
                            "-storepass",
                            new String(STORE_PASSWORD),
                            "-validity",
                            "2")
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).isZero();
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("camera", keys.getCertificate("camera"));
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, STORE_PASSWORD);
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }
}
