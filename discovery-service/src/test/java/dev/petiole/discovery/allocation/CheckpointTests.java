package dev.petiole.discovery.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.discovery.NodeProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTests {

    private static final Claim.Key KEY = new Claim.Key(
            new DeviceRef("petiole.dev", "shop", "scales-aaaaaaaaaa"),
            "shop.petiole.dev/scales-aaaaaaaaaa",
            "scales-aaaaaaaaaa-0");

    @TempDir
    private Path directory;

    @Test
    void isEmptyAtFirst() {
        assertThat(checkpoint().find()).isEmpty();
    }

    @Test
    void givesBackWhatWasSavedLast() {
        var claims = List.of(
                new Claim(KEY, null),
                new Claim(new Claim.Key(KEY.device(), KEY.resource(), "other"), new Claim.Holder("a", "b", "c")));
        checkpoint().save(List.of());
        checkpoint().save(claims);

        assertThat(checkpoint().find()).contains(claims);
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        checkpoint().save(List.of());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("data/claims.json"))))
                .isEqualTo("rw-------");
    }

    /// Starting without the claims could hand a slot out twice.
    @Test
    void refusesToGuessWhatAnUnreadableFileSaid() throws IOException {
        checkpoint().save(List.of());
        Files.writeString(directory.resolve("data/claims.json"), "{");

        assertThatIllegalStateException()
                .isThrownBy(() -> checkpoint().find())
                .withMessageContaining("not a checkpoint");
    }

    @Test
    void letsOneProcessSpeakForTheNode() {
        var first = new NodeLock(properties());
        var second = new NodeLock(properties());
        first.acquire();

        assertThatIllegalStateException()
                .isThrownBy(second::acquire)
                .withMessageContaining("another discovery service");

        first.release();
        second.acquire();
        second.release();
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(properties());
    }

    private NodeProperties properties() {
        return new NodeProperties("node1", directory.resolve("data"));
    }
}
