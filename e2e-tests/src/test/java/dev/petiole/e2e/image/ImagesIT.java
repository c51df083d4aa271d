package dev.petiole.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.junit.ClusterTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes a cluster as a parameter of its class only to be skipped where no base image can be made either.
@ClusterTest
final class ImagesIT {

    private final Repository repository = Repository.find();

    @Test
    void sameInputGivesSameBytes(@TempDir Path first, @TempDir Path second, Cluster cluster) throws Exception {
        BuiltImage one = new Images(repository, first).build(PetioleImage.INVENTORY_BROKER);
        BuiltImage other = new Images(repository, second).build(PetioleImage.INVENTORY_BROKER);

        assertThat(one.reference()).isEqualTo(other.reference());
        assertThat(Files.mismatch(one.tar(), other.tar())).isEqualTo(-1);
        cluster.load(java.util.List.of(one.tar()));
    }

    @Test
    void unchangedImageIsNotBuiltAgain(@TempDir Path output) throws Exception {
        var images = new Images(repository, output);
        BuiltImage built = images.build(PetioleImage.INVENTORY_BROKER);
        var time = Files.getLastModifiedTime(built.tar());

        assertThat(images.build(PetioleImage.INVENTORY_BROKER)).isEqualTo(built);
        assertThat(Files.getLastModifiedTime(built.tar())).isEqualTo(time);
    }
}
