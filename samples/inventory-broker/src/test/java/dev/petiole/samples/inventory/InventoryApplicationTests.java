package dev.petiole.samples.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.samples.scale.ScaleSettings;
import dev.petiole.samples.scale.ShelfScale;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@SpringBootTest(properties = {"inventory.freshness=2s", "inventory.read-period=100ms", "inventory.timeout=1s"})
@AutoConfigureMockMvc
class InventoryApplicationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = freePort();

    @Autowired
    private MockMvcTester http;

    @DynamicPropertySource
    static void scale(DynamicPropertyRegistry registry) {
        registry.add("inventory.scale-url", () -> "opc.tcp://localhost:%d/".formatted(PORT));
    }

    @Test
    void stockFollowsTheScaleAndIsUnavailableWhileItIsUnplugged() {
        // The scale advertises a host that resolves nowhere, as devices do.
        var settings = new ScaleSettings("scale-1", "scale-1.invalid", PORT, "Oat drink", 1050, 1);

        try (var _ = ShelfScale.start(settings)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(http.get().uri("/stock"))
                        .hasStatusOk()
                        .bodyJson()
                        .hasPathSatisfying(
                                "$.scale", scale -> scale.assertThat().isEqualTo("scale-1"))
                        .hasPathSatisfying(
                                "$.product", product -> product.assertThat().isEqualTo("Oat drink"))
                        .hasPathSatisfying(
                                "$.count",
                                count -> count.assertThat()
                                        .satisfies(n -> assertThat((Integer) n).isBetween(1, 24)));
                assertThat(http.get().uri("/actuator/health/readiness")).hasStatusOk();
            });
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(http.get().uri("/stock"))
                    .hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
                    .hasContentType("application/problem+json")
                    .bodyJson()
                    .hasPathSatisfying("$.title", title -> title.assertThat().isEqualTo("No fresh reading"));
            assertThat(http.get().uri("/actuator/health/readiness")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE);
            assertThat(http.get().uri("/actuator/health/liveness")).hasStatusOk();
        });
        try (var _ = ShelfScale.start(settings)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(http.get().uri("/stock")).hasStatusOk());
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
