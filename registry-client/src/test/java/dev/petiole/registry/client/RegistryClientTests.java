package dev.petiole.registry.client;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls over a real connection to a server that dies in the middle of its answer.
class RegistryClientTests {

    private ServerSocket server;
    private RegistryClient client;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new RegistryClient(URI.create("http://127.0.0.1:" + server.getLocalPort()), Credentials.NONE);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /// A refusal that was cut off says nothing: taken for one, it could end a session.
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "409 Conflict"})
    void anAnswerThatIsCutOffIsNone(String status) {
        answerOnce(
                "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"type\":");

        assertThatExceptionOfType(RegistryUnreachable.class)
                .isThrownBy(() -> client.nodes().get("n1"));
    }

    @Test
    void aWholeRefusalIsOne() {
        String problem = "{\"type\":\"https://petiole.dev/problems/not-found\",\"detail\":\"There is no node n1.\"}";
        answerOnce("HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: "
                + problem.length() + "\r\n\r\n" + problem);

        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(() -> client.nodes().get("n1"))
                .withMessageContaining("not-found")
                .withMessageContaining("There is no node n1.");
    }

    private void answerOnce(String answer) {
        Thread.ofVirtual().start(() -> {
            try (Socket connection = server.accept()) {
                connection.getInputStream().read(new byte[4096]);
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                connection.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
