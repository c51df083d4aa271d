package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The ConfigMap by which admission policies know who may ask for whose devices.
@RequiresApiServer
class ConsumersIT {

    private static final String SYSTEM = "consumers-it-system";
    private static final String CONFIG_MAP = "/api/v1/namespaces/" + SYSTEM + "/configmaps/petiole-consumers";

    private SchedulerStage stage;

    @BeforeEach
    void start() {
        TestCluster.get().makeNamespace(SYSTEM);
        stage = new SchedulerStage(
                "consumers-it",
                "--petiole.consumers.config-map=petiole-consumers",
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
        eventually(() -> assertThat(stage.kubectl.get(CONFIG_MAP).status()).isEqualTo(200));
        assertThat(consumers()).doesNotContainKey("consumers-it.scales");

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", "office"));

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [\"*\"]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", "*"));

        stage.apply("scales", "{discoveryHandler: {name: opcua}}");
        eventually(() -> assertThat(consumers()).doesNotContainKey("consumers-it.scales"));

        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", "office"));
        stage.delete("scales");
        eventually(() -> assertThat(consumers()).doesNotContainKey("consumers-it.scales"));
    }

    @Test
    void whatSomebodyElseWritesThereIsPutBack() {
        stage.apply("scales", "{discoveryHandler: {name: opcua}, consumers: {namespaces: [office]}}");
        eventually(() -> assertThat(consumers()).containsEntry("consumers-it.scales", "office"));

        Kubectl.Answer answer = stage.kubectl.apply(
                CONFIG_MAP,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: petiole-consumers, namespace: %s}, data: {shop.cams: \"*\"}}"
                        .formatted(SYSTEM));
        assertThat(answer.status()).as(answer.message()).isLessThan(300);
        eventually(() -> assertThat(consumers()).isEqualTo(Map.of("consumers-it.scales", "office")));

        stage.kubectl.delete(CONFIG_MAP);
        eventually(() -> assertThat(consumers()).isEqualTo(Map.of("consumers-it.scales", "office")));
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

    private Map<String, String> consumers() {
        return Json.texts(stage.kubectl.get(CONFIG_MAP).body(), "data");
    }
}
