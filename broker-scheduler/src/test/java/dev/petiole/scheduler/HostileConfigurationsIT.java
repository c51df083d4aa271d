package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Invariant 6 on a real API server: whoever writes what can't be made, or must not be, is told in the conditions of
/// that Configuration, and no other Configuration of the namespace notices.
@RequiresApiServer
class HostileConfigurationsIT {

    private static final String NAMESPACE = "hostile-it";
    private static final String GOOD = "containers: [{name: good, image: \"good:1\"}]";

    private SchedulerStage stage;
    private Set<String> good;

    @BeforeEach
    void start() {
        stage = new SchedulerStage(
                NAMESPACE,
                "--petiole.brokers.templates[0].group=coordination.k8s.io",
                "--petiole.brokers.templates[0].version=v1",
                "--petiole.brokers.templates[0].resource=leases",
                "--petiole.brokers.templates[0].kind=Lease");
        stage.kubectl.patch(
                "/api/v1/namespaces/" + NAMESPACE,
                "{\"metadata\": {\"labels\": {\"pod-security.kubernetes.io/enforce\": \"baseline\"}}}");
        stage.apply("good", broker("brokerPodSpec: {" + GOOD + "}"));
        stage.device("good", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("good", 1);
        good = stage.uids(stage.core("pods"), stage.petiole("instances"));
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void whatTheApiServerRefusesEndsInItsConfigurationsConditionInTheApiServersWords() {
        Map<String, String> specs = new LinkedHashMap<>();
        specs.put("unknown", "brokerPodSpec: {noSuchField: true, " + GOOD + "}");
        specs.put("mistyped", "brokerPodSpec: {hostNetwork: perhaps, " + GOOD + "}");
        specs.put("privileged", "brokerPodSpec: {hostPID: true, " + GOOD + "}");
        specs.put(
                "cron",
                "brokerCronJobSpec: {schedule: now, jobTemplate: {spec: {template: {spec: " + "{restartPolicy: Never, "
                        + GOOD + "}}}}}");
        specs.put("lease", template("metadata: {labels: {\"not a key\": x}}, spec: {}"));
        specs.forEach((name, spec) -> stage.apply(name, broker(spec)));
        specs.keySet().forEach(name -> stage.device(name, "bbbbbbbbbb", Presence.ONLINE, 1, Map.of()));

        Map<String, String> words = Map.of(
                "unknown", "noSuchField",
                "mistyped", "hostNetwork",
                "privileged", "hostPID",
                "cron", "schedule",
                "lease", "not a key");
        words.forEach((name, word) -> eventually(() -> assertThat(stage.condition(name, "BrokersReady"))
                .startsWith("False BrokerRejected")
                .contains(word)));
        theGoodOneDidNotNotice();
    }

    @Test
    void whatATemplateMayNotChooseEndsInItsConfigurationsCondition() {
        stage.apply("elsewhere", broker(template("metadata: {namespace: kube-system}, spec: {}")));
        stage.apply("another", broker(template("kind: ClusterRole, spec: {}")));
        stage.apply(
                "endless", broker(template("spec: {holderIdentity: \"{{ device.properties.{{ device.name }} }}\"}")));

        eventually(() -> {
            assertThat(stage.condition("elsewhere", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("metadata.namespace", "kube-system");
            assertThat(stage.condition("another", "BrokersReady"))
                    .startsWith("False TemplateInvalid")
                    .contains("ClusterRole");
            assertThat(stage.condition("endless", "BrokersReady")).startsWith("False TemplateInvalid");
        });
        theGoodOneDidNotNotice();
    }

    @Test
    void groupsThatGovernTheClusterAreRefusedAtOnce() {
        Kubectl.Answer answer = stage.kubectl.apply(
                stage.petiole("configurations/roles"),
                "{apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: roles, namespace: %s}, spec: %s}"
                        .formatted(
                                NAMESPACE,
                                broker(
                                        "brokerTemplate: {group: rbac.authorization.k8s.io, version: v1, resource: roles,"
                                                + " object: {rules: []}}")));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message()).contains("brokerTemplate.group");
    }

    /// Whoever controls a device controls its properties: they are text, whatever they say.
    @Test
    void aDevicesValuesAreNeverReadAsATemplateAgain() {
        stage.apply("echo", broker(template("spec: {holderIdentity: \"{{ device.properties.A }}\"}")));
        stage.device(
                "echo",
                "bbbbbbbbbb",
                Presence.ONLINE,
                1,
                Map.of("A", "{{ device.properties.B }}", "B", "{{ device.properties.A }}"));

        eventually(() -> assertThat(Json.text(
                        stage.get("/apis/coordination.k8s.io/v1/namespaces/" + NAMESPACE + "/leases/echo-bbbbbbbbbb"),
                        "spec",
                        "holderIdentity"))
                .isEqualTo("{{ device.properties.B }}"));
        theGoodOneDidNotNotice();
    }

    /// Or its Pods would get the traffic of another's Services, and count as another's brokers.
    @Test
    void labelsThatClaimToBeAnothersAreOverruled() {
        stage.apply("thief", broker("""
                brokerDeploymentSpec: {template: {
                  metadata: {labels: {petiole.dev/configuration: good, petiole.dev/instance: good-aaaaaaaaaa}},
                  spec: {%s}}}""".formatted(GOOD)));
        stage.device("thief", "bbbbbbbbbb", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("thief", 1);

        JsonObject deployment = stage.get(stage.apps("deployments/thief-bbbbbbbbbb"));
        assertThat(Json.texts(deployment, "spec", "template", "metadata", "labels"))
                .containsEntry("petiole.dev/configuration", "thief")
                .containsEntry("petiole.dev/instance", "thief-bbbbbbbbbb");
        theGoodOneDidNotNotice();
    }

    private void theGoodOneDidNotNotice() {
        assertThat(stage.uids(stage.core("pods"), stage.petiole("instances"))).containsAll(good);
        assertThat(stage.condition("good", "Ready")).startsWith("True");
        // And it still is served at once.
        stage.device("good", "cccccccccc", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("good", 2);
    }

    private static String template(String object) {
        return "brokerTemplate: {group: coordination.k8s.io, version: v1, resource: leases, object: {" + object + "}}";
    }

    private static String broker(String brokerSpec) {
        return "{discoveryHandler: {name: opcua}, brokerSpec: {" + brokerSpec + "}}";
    }
}
