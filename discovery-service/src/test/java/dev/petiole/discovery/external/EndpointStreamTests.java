package dev.petiole.discovery.external;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.proto.akri.DiscoverRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What an external handler is asked.
class EndpointStreamTests {

    @Test
    void valuesArriveByteForByte() {
        byte[] key = {(byte) 0xff, 0, (byte) 0xe4, 'x'};
        var input = new HandlerInput(
                "details", Map.of("key", new String(key, StandardCharsets.ISO_8859_1), "name", "grün"), Set.of("key"));

        DiscoverRequest request = EndpointStream.request(input);

        assertThat(request.getDiscoveryDetails()).isEqualTo("details");
        assertThat(request.getDiscoveryPropertiesOrThrow("key").getVec().toByteArray())
                .isEqualTo(key);
        assertThat(request.getDiscoveryPropertiesOrThrow("name").getVec().toStringUtf8())
                .isEqualTo("grün");
    }
}
