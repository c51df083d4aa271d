package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

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
}
