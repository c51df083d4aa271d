package dev.petiole.scheduler.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.configuration.ConfigurationStatuses.BrokerCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfigurationStatusesTests {

    /// What is not approved has no Instance, so with kubectl this is the only place to see it.
    @Test
    void devicesThatWaitForApprovalAreNamedSomeOfThem() {
        List<String> waiting =
                IntStream.range(0, 60).mapToObj(i -> "scales-" + i).toList();

        assertThat(status(waiting).getAsJsonArray("pendingDevices")).hasSize(50);
        assertThat(status(List.of("scales-a")).get("pendingDevices")).hasToString("[\"scales-a\"]");
        assertThat(status(List.of()).has("pendingDevices")).isFalse();
    }

    private static JsonObject status(List<String> pending) {
        JsonObject object =
                JsonParser.parseString("{\"metadata\": {\"generation\": 1}}").getAsJsonObject();
        return ConfigurationStatuses.of(
                object, Optional.empty(), new BrokerCounts(0, 0), pending, List.of(), Instant.EPOCH);
    }
}
