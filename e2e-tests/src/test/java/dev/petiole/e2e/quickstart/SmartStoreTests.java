package dev.petiole.e2e.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.PetioleImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SmartStoreTests {

    private static final Map<PetioleImage, BuiltImage> IMAGES = Map.of(
            PetioleImage.SHELF_SCALE,
            new BuiltImage(
                    PetioleImage.SHELF_SCALE, "petiole/samples-shelf-scale:0.1.0-12ab", Path.of("shelf-scale.tar")));

    @Test
    void manifestsGetTheImagesOfThisBuild() {
        assertThat(SmartStore.withImages("  image: petiole/samples-shelf-scale:latest\n  name: x", IMAGES))
                .isEqualTo("  image: petiole/samples-shelf-scale:0.1.0-12ab\n  name: x");
    }

    /// Else a Pod would wait for an image that nobody can pull.
    @Test
    void anImageThatWasNotBuiltIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SmartStore.withImages("image: petiole/samples-forklift:1", IMAGES));
    }

    @Test
    void deviceWithoutBrokerHasARow() {
        var served = new Device(
                "scales-a",
                "opc.tcp://scale-1:4840/",
                "Online",
                List.of("node1", "node2"),
                List.of(new Device.Broker("scales-a-pod", "node2", true, "17 x Oat drink")));
        var alone = new Device("scales-b", "opc.tcp://scale-2:4840/", "Missing", List.of("node1"), List.of());

        assertThat(Table.of(List.of(served, alone)).render()).isEqualToNormalizingNewlines("""
                DEVICE                   PRESENCE  NODES        INSTANCE  BROKER POD    ON     STOCK
                opc.tcp://scale-1:4840/  Online    node1,node2  scales-a  scales-a-pod  node2  17 x Oat drink
                opc.tcp://scale-2:4840/  Missing   node1        scales-b  -             -      -
                """);
    }
}
