package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The DeviceConsumers by which admission policies know who may ask for whose devices.
@RequiresApiServer
class ConsumersIT {

    private static final String SYSTEM = "consumers-it-system";
    private static final String OBJECT =
            "/apis/petiole.dev/v1alpha1/namespaces/" + SYSTEM + "/deviceconsumers/petiole-consumers";

    private SchedulerStage stage;

    @BeforeEach
    void start() {
        TestCluster.get().makeNamespace(SYSTEM);
        stage = new SchedulerStage(
                "consumers-it",
                "--petiole.consumers.name=petiole-consumers",
                "--petiole.consumers.namespace=" + SYSTEM);
    }

    @AfterEach
    void stop() {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void itFollowsTheConfigurations() {
        // Before there is anything to say: without it, everyone would be let in.
        eventually(() -> assertThat(stage.kubectl.get(OBJECT).status()).isEqualTo(200));
        assertThat(consumers()).doesNotContainKey("consumers-it.scales");

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", List.of("office")));

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [\"*\"]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", List.of("*")));

        stage.apply("scales", "{discoveryHandler: {name: opcua}}");
        eventually(() -> assertThat(consumers()).doesNotContainKey("consumers-it.scales"));

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", List.of("office")));
        stage.delete("scales");
        eventually(() -> assertThat(consumers()).doesNotContainKey("consumers-it.scales"));
    }

    @Test
    void whatSomebodyElseWritesThereIsPutBack() {
        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", List.of("office")));

        Kubectl.Answer answer = stage.kubectl.apply(OBJECT, """
                apiVersion: petiole.dev/v1alpha1
                kind: DeviceConsumers
                metadata: {name: petiole-consumers, namespace: %s}
                spec: {grants: {shop.cams: ["*"]}}
                """.formatted(SYSTEM));
        assertThat(answer.status()).as(answer.message()).isLessThan(300);
        eventually(() -> assertThat(consumers()).isEqualTo(Map.of("consumers-it.scales", List.of("office"))));

        stage.kubectl.delete(OBJECT);
        eventually(() -> assertThat(consumers()).isEqualTo(Map.of("consumers-it.scales", List.of("office"))));
    }

    @Test
    void aConsumerThatIsNoNamespaceIsRefusedByTheDefinition() {
        Kubectl.Answer answer = stage.kubectl.apply(
                stage.petiole("configurations/bad"),
                "{apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: bad, namespace: consumers-it},"
                        + " spec: {discoveryHandler: {name: opcua}, consumers: {namespaces: [\"Of,fice\"]}}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message())
                .contains("spec.consumers.namespaces[0]", "a consumer must be the name of a namespace, or * for all");
    }

    private Map<String, List<String>> consumers() {
        JsonObject grants = Json.object(stage.kubectl.get(OBJECT).body(), "spec", "grants");
        return grants.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), configuration -> Json.strings(grants, configuration)));
    }
}
