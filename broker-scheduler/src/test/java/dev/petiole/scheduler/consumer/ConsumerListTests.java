package dev.petiole.scheduler.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the admission policies are told.
class ConsumerListTests {

    @Test
    void aConfigurationOfItsOwnNamespaceAloneIsNotListed() {
        assertThat(list(configuration("shop", "scales", ""))).isEmpty();
    }

    @Test
    void consumersAreListedInOrder() {
        assertThat(list(
                        configuration("shop", "scales", "consumers: {namespaces: [till, office]}"),
                        configuration("yard", "scales", "consumers: {namespaces: ['*']}")))
                .isEqualTo(Map.of("shop.scales", List.of("office", "till"), "yard.scales", List.of("*")));
    }

    /// Or a claim of another vendor's devices would have to be taken for one of ours.
    @Test
    void aConfigurationWithADeviceClassIsListedEvenIfItHasNoConsumers() {
        assertThat(list(configuration("shop", "scales", "exposure: ResourceClaim")))
                .isEqualTo(Map.of("shop.scales", List.of()));
    }

    /// Or the consumers of `cam` could ask for it, as if it were one of the devices of `cam`.
    @Test
    void aConfigurationThatHasTheNameOfADeviceIsListedEvenIfItHasNoConsumers() {
        assertThat(list(
                        configuration("shop", "cam", "consumers: {namespaces: [office]}"),
                        configuration("shop", "cam-abcdefghij", "")))
                .isEqualTo(Map.of("shop.cam", List.of("office"), "shop.cam-abcdefghij", List.of()));
    }

    private static Map<String, List<String>> list(JsonObject... configurations) {
        return ConsumerList.of(List.of(configurations));
    }

    private static JsonObject configuration(String namespace, String name, String spec) {
        // Gson reads unquoted keys and values.
        return JsonParser.parseString(
                        "{metadata: {namespace: '%s', name: '%s'}, spec: {%s}}".formatted(namespace, name, spec))
                .getAsJsonObject();
    }
}
