package dev.petiole.scheduler.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class WithdrawnResourcesTests {

    @Test
    void onlyOursThatAreZeroAreFound() {
        var node = JsonParser.parseString("""
                {"status": {"capacity": {"cpu": "0", "gone.petiole.dev/scales-aaaaaaaaaa": "0",
                  "shop.petiole.dev/scales": "2", "example.com/scales": "0"}}}""").getAsJsonObject();

        assertThat(WithdrawnResources.zero(node)).containsExactly("gone.petiole.dev/scales-aaaaaaaaaa");
    }

    /// A merge patch removes what it says null of (RFC 7396); a null that is left out would change nothing.
    @Test
    void thePatchSaysNull() {
        assertThat(WithdrawnResources.patch(List.of("shop.petiole.dev/scales")))
                .hasToString("{\"status\":{\"capacity\":{\"shop.petiole.dev/scales\":null},"
                        + "\"allocatable\":{\"shop.petiole.dev/scales\":null}}}");
    }
}
