package dev.petiole.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls over TLS to a server whose certificate is of an authority in a file.
class TrustTests {

    @TempDir
    private Path directory;

    private Path caFile;
    private X509Bundle authority;
    private HttpsServer server;

    @BeforeEach
    void prepare() throws Exception {
        caFile = directory.resolve("ca.crt");
        authority = authority("one");
        server = serve(certificate(authority), 0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aCertificateOfAnAuthorityInTheFileIsAccepted() throws Exception {
        Files.writeString(caFile, authority.getCertificatePEM());

        assertThat(ask(client())).isEqualTo("r1");
    }

    /// The kubelet replaces the file while the service runs.
    @Test
    void anotherAuthorityIsTakenUpWithoutARestart() throws Exception {
        Files.writeString(caFile, authority.getCertificatePEM());
        RegistryClient client = client();
        assertThat(ask(client)).isEqualTo("r1");

        X509Bundle other = authority("two");
        restartWith(certificate(other));
        assertThatExceptionOfType(RegistryUnreachable.class).isThrownBy(() -> ask(client));
        Files.writeString(caFile, other.getCertificatePEM());

        assertThat(ask(client)).isEqualTo("r1");
    }

    /// Both authorities are in the file while one takes over from the other.
    @Test
    void eachAuthorityInTheFileCounts() throws Exception {
        X509Bundle other = authority("two");
        Files.writeString(caFile, other.getCertificatePEM() + authority.getCertificatePEM());
        RegistryClient client = client();
        assertThat(ask(client)).isEqualTo("r1");

        restartWith(certificate(other));

        assertThat(ask(client)).isEqualTo("r1");
    }

    @Test
    void anUnknownAuthorityIsToldWithTheFile() throws Exception {
        Files.writeString(caFile, authority("somebody-else").getCertificatePEM());

        assertThatExceptionOfType(RegistryUnreachable.class)
                .isThrownBy(() -> ask(client()))
                .withMessageContaining("the registry's certificate CN=registry, issued by CN=one, is not accepted")
                .withMessageContaining(caFile.toString());
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        Files.writeString(caFile, authority.getCertificatePEM());
        restartWith(new CertificateBuilder()
                .subject("CN=registry")
                .addSanDnsName("elsewhere.example")
                .buildIssuedBy(authority));

        assertThatExceptionOfType(RegistryUnreachable.class)
                .isThrownBy(() -> ask(client()))
                .withMessageContaining("127.0.0.1");
    }

    @Test
    void aFileThatIsMissingIsTold() {
        assertThatExceptionOfType(RegistryUnreachable.class)
                .isThrownBy(() -> ask(client()))
                .withMessageContaining("can't read the registry's authorities in " + caFile);
    }

    @Test
    void aFileWithoutACertificateIsTold() throws Exception {
        Files.writeString(caFile, "");

        assertThatExceptionOfType(RegistryUnreachable.class)
                .isThrownBy(() -> ask(client()))
                .withMessageContaining(caFile + ": no certificate (expected: at least one, in PEM)");
    }

    private RegistryClient client() {
        return new RegistryClient(
                URI.create("https://127.0.0.1:" + server.getAddress().getPort()), Credentials.NONE, Trust.file(caFile));
    }

    private static String ask(RegistryClient client) {
        return client.nodes().list(null, null).resourceVersion();
    }

    private void restartWith(X509Bundle certificate) throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        server = serve(certificate, port);
    }

    private static HttpsServer serve(X509Bundle certificate, int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] page = "{\"items\":[],\"resourceVersion\":\"r1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle certificate(X509Bundle authority) throws Exception {
        return new CertificateBuilder()
                .subject("CN=registry")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }
}
