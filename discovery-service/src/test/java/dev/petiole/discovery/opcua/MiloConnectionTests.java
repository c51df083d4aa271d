package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MiloConnectionTests {

    /// Else it would count as open, and nobody would ever say that it was lost.
    @Test
    void connectionThatClosesBeforeItIsUsedIsNone() {
        try (var server = RunningServer.start("hasty")) {
            DiscoveryUrl url = DiscoveryUrl.find(server.url()).orElseThrow();
            var connection = new MiloConnection(url, Duration.ofSeconds(10), new Semaphore(1), () -> {});
            connection.onChannelClosed();

            assertThatExceptionOfType(EndpointUnreachable.class)
                    .isThrownBy(connection::connect)
                    .withMessageContaining("closed");
            assertThat(connection.isOpen()).isFalse();
        }
    }

    /// Milo itself would wait for the acknowledgement until its time is up.
    @Test
    @Timeout(60)
    void serverThatClosesBeforeItAcknowledgesIsNotWaitedFor() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> closeFirst(listener));
            DiscoveryUrl url = DiscoveryUrl.find("opc.tcp://127.0.0.1:" + listener.getLocalPort())
                    .orElseThrow();
            var connection = new MiloConnection(url, Duration.ofHours(1), new Semaphore(1), () -> {});

            assertThatExceptionOfType(EndpointUnreachable.class)
                    .isThrownBy(connection::connect)
                    .withMessageContaining("closed");
        }
    }

    /// Reads first: a socket closed with something unread is reset, which is another case.
    private static void closeFirst(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            assertThat(socket.getInputStream().read()).isNotNegative();
            socket.getInputStream().skipNBytes(socket.getInputStream().available());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
