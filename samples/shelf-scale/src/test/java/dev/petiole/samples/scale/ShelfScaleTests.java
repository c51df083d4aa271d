package dev.petiole.samples.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ApplicationDescription;
import org.junit.jupiter.api.Test;

class ShelfScaleTests {

    @Test
    void findServersNamesTheScaleItself() throws Exception {
        int port = freePort();
        try (var _ = ShelfScale.start(settings(port))) {
            List<ApplicationDescription> servers =
                    DiscoveryClient.findServers(url(port)).get();

            assertThat(servers).singleElement().satisfies(server -> {
                assertThat(server.getApplicationUri()).isEqualTo("urn:petiole:samples:shelf-scale:scale-7");
                assertThat(server.getApplicationName().getText()).isEqualTo("shelf-scale scale-7");
                assertThat(server.getDiscoveryUrls()).containsExactly(url(port));
            });
        }
    }

    @Test
    void weightIsAlwaysAWholeNumberOfItemsAndChanges() throws Exception {
        int port = freePort();
        try (var _ = ShelfScale.start(settings(port))) {
            OpcUaClient client = OpcUaClient.create(url(port)).connect();
            var seen = new HashSet<Double>();

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                List<DataValue> values = client.readValues(
                        0, TimestampsToReturn.Neither, List.of(node("WeightGrams"), node("ItemWeightGrams")));
                seen.add((Double) values.getFirst().value().value());
                assertThat(values.getLast().value().value()).isEqualTo(250.0);
                assertThat(seen).hasSizeGreaterThan(1).allMatch(grams -> grams % 250 == 0);
            });
            client.disconnect();
        }
    }

    @Test
    void sameSeedMakesTheSameShoppers() {
        assertThat(day(42)).isEqualTo(day(42)).isNotEqualTo(day(43)).allMatch(n -> n >= 0 && n <= Shelf.FULL);
    }

    @Test
    void badSettingIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleSettings.from(Map.of("ITEM_WEIGHT_GRAMS", "heavy")))
                .withMessage("ITEM_WEIGHT_GRAMS: 'heavy' (expected: a whole number)");
    }

    private static List<Integer> day(long seed) {
        var shelf = new Shelf(new Random(seed));
        return IntStream.range(0, 500)
                .map(_ -> {
                    shelf.shop();
                    return shelf.count();
                })
                .boxed()
                .toList();
    }

    private static ScaleSettings settings(int port) {
        return new ScaleSettings("scale-7", "localhost", port, "Tea", 250, 7);
    }

    private static NodeId node(String name) {
        return new NodeId(2, "Scale/" + name);
    }

    private static String url(int port) {
        return "opc.tcp://localhost:%d/".formatted(port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
