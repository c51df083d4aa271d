package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.RequiresApiServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each kind of broker, as a real API server and its controllers take it.
@RequiresApiServer
class BrokerKindsIT {

    private static final String CONTAINER = "containers: [{name: broker, image: \"broker:%s\"}]";
    private static final String HANDLER = "discoveryHandler: {name: opcua}, ";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/broker-kinds-it/leases";

    private SchedulerStage stage;

    @BeforeEach
    void start() {
        stage = new SchedulerStage(
                "broker-kinds-it",
                "--petiole.brokers.templates[0].group=coordination.k8s.io",
                "--petiole.brokers.templates[0].version=v1",
                "--petiole.brokers.templates[0].resource=leases",
                "--petiole.brokers.templates[0].kind=Lease");
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void aDeploymentPerDeviceMakesItsPodsAndIsUpdatedInPlace() {
        stage.apply("scales", broker("brokerDeploymentSpec: {template: {spec: {" + CONTAINER.formatted(1) + "}}}"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("scales", 1);
        JsonObject before = stage.get(stage.apps("deployments/scales-aaaaaaaaaa"));

        stage.apply("scales", broker("brokerDeploymentSpec: {template: {spec: {" + CONTAINER.formatted(2) + "}}}"));

        eventually(() -> {
            JsonObject now = stage.get(stage.apps("deployments/scales-aaaaaaaaaa"));
            assertThat(now.toString()).contains("broker:2");
            assertThat(Json.text(now, "metadata", "uid")).isEqualTo(Json.text(before, "metadata", "uid"));
        });
        stage.device("scales", "aaaaaaaaaa", Presence.OFFLINE, 1, Map.of());
        eventually(() -> assertThat(stage.names(stage.apps("deployments"))).isEmpty());
    }

    @Test
    void oneDeploymentForAllGoesWithTheLastDevice() {
        stage.apply(
                "scales",
                broker("per: Configuration, brokerDeploymentSpec: {template: {spec: {" + CONTAINER.formatted(1)
                        + "}}}"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.device("scales", "bbbbbbbbbb", Presence.ONLINE, 1, Map.of());
        eventually(() -> {
            assertThat(stage.names(stage.apps("deployments"))).containsExactly("scales");
            assertThat(stage.condition("scales", "BrokersReady")).startsWith("True AllReady 1 of 1 broker is ready");
        });

        stage.device("scales", "aaaaaaaaaa", Presence.OFFLINE, 1, Map.of());
        stage.device("scales", "bbbbbbbbbb", Presence.OFFLINE, 1, Map.of());

        eventually(() -> assertThat(stage.names(stage.apps("deployments"))).isEmpty());
    }

    @Test
    void theOtherWorkloadsAreTakenByTheApiServer() {
        String template = "template: {spec: {" + CONTAINER.formatted(1) + "}}";
        stage.apply("a", broker("brokerStatefulSetSpec: {serviceName: a, " + template + "}"));
        stage.apply("b", broker("brokerDaemonSetSpec: {" + template + "}"));
        stage.apply(
                "c",
                broker(
                        "brokerCronJobSpec: {schedule: \"0 0 1 1 *\", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, "
                                + CONTAINER.formatted(1) + "}}}}}"));
        Set.of("a", "b", "c").forEach(name -> stage.device(name, "aaaaaaaaaa", Presence.ONLINE, 1, Map.of()));

        eventually(() -> {
            assertThat(stage.names(stage.apps("statefulsets"))).containsExactly("a-aaaaaaaaaa");
            assertThat(stage.names(stage.apps("daemonsets"))).containsExactly("b-aaaaaaaaaa");
            assertThat(stage.names(stage.batch("cronjobs"))).containsExactly("c-aaaaaaaaaa");
            assertThat(stage.condition("a", "Ready")).startsWith("True");
            assertThat(stage.condition("c", "Ready")).startsWith("True");
        });
    }

    @Test
    void aPoolListsItsDevicesAndItsPodStays() {
        stage.apply("scales", broker("brokerPool: {devicesPerBroker: 2, podSpec: {" + CONTAINER.formatted(1) + "}}"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of("URL", "a"));
        stage.awaitBrokers("scales", 1);
        Set<String> pods = stage.uids(stage.core("pods"));

        stage.device("scales", "bbbbbbbbbb", Presence.ONLINE, 1, Map.of("URL", "b"));

        eventually(() -> assertThat(devicesOf("scales-pool-0"))
                .contains("scales-aaaaaaaaaa")
                .contains("\"URL\":\"b\""));
        stage.device("scales", "cccccccccc", Presence.ONLINE, 1, Map.of("URL", "c"));
        eventually(() -> {
            assertThat(devicesOf("scales-pool-1")).contains("scales-cccccccccc");
            assertThat(stage.condition("scales", "BrokersReady")).startsWith("True AllReady 2 of 2");
        });
        assertThat(stage.uids(stage.core("pods"))).containsAll(pods);
    }

    @Test
    void anyOtherKindThatIsAllowedIsMadeAndGoesWithItsDevice() {
        stage.apply(
                "scales",
                broker("brokerTemplate: {group: coordination.k8s.io, version: v1, resource: leases, object: "
                        + "{spec: {holderIdentity: \"{{ device.properties.URL }}\"}}}"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of("URL", "opc.tcp://a"));
        eventually(() -> {
            JsonObject lease = stage.get(LEASES + "/scales-aaaaaaaaaa");
            assertThat(Json.text(lease, "spec", "holderIdentity")).isEqualTo("opc.tcp://a");
            assertThat(stage.condition("scales", "Ready")).startsWith("True");
        });

        stage.device("scales", "aaaaaaaaaa", Presence.OFFLINE, 1, Map.of());

        eventually(() -> assertThat(stage.names(LEASES)).isEmpty());
    }

    @Test
    void aChangeOfKindReplacesTheBrokers() {
        stage.apply("scales", broker("brokerPodSpec: {" + CONTAINER.formatted(1) + "}"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("scales", 1);

        stage.kubectl.patch(
                stage.petiole("configurations/scales"),
                "{\"spec\": {\"brokerSpec\": {\"brokerPodSpec\": null, \"brokerDeploymentSpec\": {\"template\": {\"spec\": "
                        + "{\"containers\": [{\"name\": \"broker\", \"image\": \"broker:1\"}]}}}}}}");

        eventually(() -> {
            assertThat(stage.names(stage.apps("deployments"))).containsExactly("scales-aaaaaaaaaa");
            assertThat(stage.names(stage.core("pods")))
                    .hasSize(1)
                    .allSatisfy(name -> assertThat(name).hasSizeGreaterThan("scales-aaaaaaaaaa-12345".length()));
        });
    }

    @Test
    void aChangeOfPropertiesRollsThroughTheBrokers() {
        stage.apply("scales", broker("maxUnavailable: 1, brokerPodSpec: {" + CONTAINER.formatted(1) + "}"));
        for (String hash : List.of("aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc")) {
            stage.device("scales", hash, Presence.ONLINE, 1, Map.of());
        }
        stage.awaitBrokers("scales", 3);
        Set<String> before = stage.uids(stage.core("pods"));

        stage.apply(
                "scales",
                "{brokerProperties: {MODE: fast}, " + HANDLER + "brokerSpec: {maxUnavailable: 1, brokerPodSpec: {"
                        + CONTAINER.formatted(1) + "}}}");

        eventually(() -> {
            long serving = stage.kubectl.list(stage.core("pods")).stream()
                    .filter(pod -> Json.findCondition(pod, "Ready").isPresent())
                    .count();
            if (serving < 2) {
                throw new IllegalStateException("only " + serving + " of 3 brokers serve");
            }
            assertThat(stage.uids(stage.core("pods"))).hasSize(3).doesNotContainAnyElementsOf(before);
        });
    }

    @Test
    void aBrokerWaitsForASlotThatAnotherPodHasAndIsNotPending() {
        stage.apply("scales", broker("brokerPodSpec: {" + CONTAINER.formatted(1) + "}"));
        var slot = new Slot(0, "node2", "r", "id", "other", "report", "c", Instant.parse("2026-11-24T12:00:00Z"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of(), stage.nodes, List.of(slot));

        eventually(() -> assertThat(stage.condition("scales", "BrokersReady")).startsWith("False NoFreeSlot"));
        assertThat(stage.names(stage.core("pods"))).isEmpty();

        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("scales", 1);
    }

    /// The API server's own words, long before there is a device.
    @Test
    void aTemplateThatTheApiServerRefusesIsToldWithoutAnyDevice() {
        stage.apply("scales", broker("brokerPodSpec: {containers: [{name: Bad_Name, image: b}]}"));

        eventually(() -> assertThat(stage.condition("scales", "BrokersReady"))
                .startsWith("False BrokerRejected")
                .contains("spec.containers[0].name"));
    }

    @Test
    void whatATemplateMayNotDoIsACondition() {
        stage.apply(
                "a",
                broker(
                        "brokerTemplate: {group: apps, version: v1, resource: controllerrevisions, object: {spec: {}}}"));
        stage.apply("b", broker("brokerPodSpec: {containers: [{name: b, image: \"{{ device.properties.IMAGE }}\"}]}"));
        stage.apply(
                "c",
                broker("brokerPodSpec: {containers: [{name: b, image: b, command: [sh, -c, \"{{ device.name }}\"]}]}"));
        stage.apply("d", broker("brokerPodSpec: {containers: [{name: b, image: b, args: [\"{{ device.\"]}]}"));

        eventually(() -> {
            assertThat(stage.condition("a", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("scheduler.templates");
            assertThat(stage.condition("b", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("containers[0].image");
            assertThat(stage.condition("c", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("shell");
            assertThat(stage.condition("d", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("a name");
        });
    }

    private String devicesOf(String configMap) {
        return Json.text(stage.get(stage.core("configmaps/" + configMap)), "data", "devices.json");
    }

    private static String broker(String brokerSpec) {
        return "{" + HANDLER + "brokerSpec: {" + brokerSpec + "}}";
    }
}
