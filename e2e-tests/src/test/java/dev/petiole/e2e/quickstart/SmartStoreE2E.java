package dev.petiole.e2e.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.Images;
import dev.petiole.e2e.image.PetioleImage;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The main job, as the quickstart shows it: scales that are real OPC UA servers, each found, exposed and served by a
/// broker that counts its stock.
@ClusterTest
class SmartStoreE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final SmartStore store;

    /// @param installation must be there, though nothing is asked of it
    SmartStoreE2E(Cluster cluster, Kubectl kubectl, Installation installation) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.store = new SmartStore(kubectl);
    }

    @BeforeEach
    void open() {
        Repository repository = Repository.find();
        Map<PetioleImage, BuiltImage> images =
                new Images(repository).build(EnumSet.of(PetioleImage.SHELF_SCALE, PetioleImage.INVENTORY_BROKER));
        cluster.load(images.values().stream().map(BuiltImage::tar).toList());
        store.open(repository.path("samples", "smart-store"), images);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyScaleIsCountedAndOneThatIsUnpluggedGoesAndComesBack() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(store.devices()).hasSize(3).allSatisfy(SmartStoreE2E::isServed));
        List<Device> before = store.devices();
        before.forEach(this::countsTruly);

        store.unplug("scale-2");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(store.devices())
                        .hasSize(2)
                        .noneMatch(device -> device.address().contains("scale-2"))
                        .allSatisfy(SmartStoreE2E::isServed));
        assertThat(brokersOf(before)).containsAll(brokersOf(store.devices()));

        store.plug("scale-2");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(store.devices()).hasSize(3).allSatisfy(SmartStoreE2E::isServed));
        assertThat(store.devices().stream().map(Device::name))
                .containsExactlyInAnyOrderElementsOf(
                        before.stream().map(Device::name).toList());
    }

    private static void isServed(Device device) {
        assertThat(device.isServed()).as(device.toString()).isTrue();
        assertThat(device.brokers()).hasSize(1);
    }

    private void countsTruly(Device device) {
        JsonNode stock = new JsonMapper()
                .readTree(kubectl.service(SmartStore.NAMESPACE, device.name() + "-svc", "http", "/stock"));
        assertThat(stock.path("scaleUrl").asString("")).isEqualTo(device.address());
        assertThat(stock.path("count").asLong(-1)).isNotNegative();
        assertThat(stock.path("weightGrams").asDouble(-1)).isNotNegative();
    }

    private static List<String> brokersOf(List<Device> devices) {
        return devices.stream()
                .flatMap(device -> device.brokers().stream())
                .map(Device.Broker::pod)
                .toList();
    }
}
