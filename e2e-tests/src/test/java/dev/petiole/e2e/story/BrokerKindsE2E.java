package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Brokers that Kubernetes' own controllers run, pools and templates, side by side on real nodes, and a change that
/// rolls through Pods.
@ClusterTest
class BrokerKindsE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String WAIT = "command: [sh, -c, \"trap exit TERM; while :; do sleep 1; done\"]";
    private static final String SLOT = "resources: {limits: {\"{{PLACEHOLDER}}\": \"1\"}}";

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;
    private final View view;

    /// @param installation must be there, though nothing is asked of it
    BrokerKindsE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @Test
    void everyKindRunsSideBySideAndGoesWithItsConfiguration() {
        apply("pool", "[a, b, c]", 1, "brokerPool: {devicesPerBroker: 2, podSpec: {%s}}".formatted(container(WAIT)));
        apply("daemon", "[d]", 2, """
                per: Configuration
                    brokerDaemonSetSpec: {template: {spec: {%s}}}""".formatted(container(WAIT, SLOT)));
        apply(
                "deployed",
                "[i]",
                2,
                "brokerDeploymentSpec: {replicas: 2, template: {spec: {%s}}}".formatted(container(WAIT, SLOT)));
        apply(
                "stateful",
                "[e]",
                1,
                "brokerStatefulSetSpec: {serviceName: stateful, template: {spec: {%s}}}"
                        .formatted(container(WAIT, SLOT)));
        apply("cron", "[f]", 1, """
                brokerCronJobSpec:
                      schedule: "0 0 1 1 *"
                      jobTemplate: {spec: {template: {spec: {restartPolicy: Never, %s}}}}""".formatted(
                        container("command: [sh, -c, 'test \"$DEBUG_ECHO_DESCRIPTION\" = f']", SLOT)));
        apply("template", "[g]", 1, """
                brokerTemplate:
                      group: coordination.k8s.io
                      version: v1
                      resource: leases
                      object: {spec: {holderIdentity: "{{ device.properties.DEBUG_ECHO_DESCRIPTION }}"}}""");

        await().atMost(LIMIT).untilAsserted(() -> {
            for (String configuration : List.of("pool", "daemon", "deployed", "stateful", "cron", "template")) {
                JsonNode ready = view.condition(configuration, "Ready");
                assertThat(ready.path("status").asString(""))
                        .as("%s: %s", configuration, ready)
                        .isEqualTo("True");
            }
            assertThat(nodesOf("daemon")).isEqualTo(Set.copyOf(cluster.nodes()));
            assertThat(nodesOf("stateful")).hasSize(1);
            assertThat(readyPods("pool")).hasSize(2);
            assertThat(readyPods("deployed")).hasSize(2);
        });
        assertThat(kubectl.list("leases.coordination.k8s.io", "-n", namespace))
                .extracting(lease -> lease.at("/spec/holderIdentity").asString(""))
                .containsExactly("g");
        aRunOfTheCronJobSucceeds();
        theMountedFileFollowsTheDevices();

        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(left()).isEmpty());
    }

    /// It got the device that it asked for, or its command would fail.
    private void aRunOfTheCronJobSucceeds() {
        String cronJob = kubectl.names("cronjobs.batch", "-n", namespace).getFirst();
        kubectl.output("create", "job", "run-now", "--from=cronjob/" + cronJob, "-n", namespace);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.json("get", "job", "run-now", "-n", namespace)
                                .at("/status/succeeded")
                                .asInt(0))
                        .isEqualTo(1));
    }

    private void theMountedFileFollowsTheDevices() {
        Map<String, String> before = readyPods("pool");
        assertThat(listedIn(before.values().iterator().next())).hasSizeBetween(1, 2);
        assertThat(before.values().stream().flatMap(pod -> listedIn(pod).stream()))
                .containsExactlyInAnyOrder("a", "b", "c");

        apply("pool", "[a, b, c, h]", 1, "brokerPool: {devicesPerBroker: 2, podSpec: {%s}}".formatted(container(WAIT)));

        // The kubelet looks at mounted ConfigMaps about once a minute.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(before.values().stream().flatMap(pod -> listedIn(pod).stream()))
                        .containsExactlyInAnyOrder("a", "b", "c", "h"));
        assertThat(readyPods("pool")).isEqualTo(before);
    }

    @Test
    void aChangeRollsThroughBrokersWithNoMoreThanMaxUnavailableAway() {
        apply("rolling", "[a, b, c]", 1, rolling("before"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(readyPods("rolling")).hasSize(3));
        Map<String, String> before = readyPods("rolling");

        apply("rolling", "[a, b, c]", 1, rolling("after"));

        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .failFast(
                        "two of three brokers are always ready",
                        () -> assertThat(readyPods("rolling")).hasSizeGreaterThanOrEqualTo(2))
                .untilAsserted(() -> assertThat(readyPods("rolling"))
                        .hasSize(3)
                        .doesNotContainKeys(before.keySet().toArray(String[]::new)));
        assertThat(view.readyBrokers("rolling"))
                .extracting(pod -> pod.at("/spec/containers/0/env/0/value").asString(""))
                .containsOnly("after");
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    private static String rolling(String version) {
        return """
                maxUnavailable: 1
                    brokerPodSpec: {terminationGracePeriodSeconds: 0, %s}""".formatted(container("env: [{name: VERSION, value: %s}]".formatted(version), WAIT, SLOT));
    }

    private void apply(String name, String descriptions, int capacity, String broker) {
        kubectl.apply("""
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: %s"}
                  capacity: %d
                  brokerSpec:
                    %s
                """.formatted(name, namespace, descriptions, capacity, broker))
                .orThrow();
    }

    private static String container(String... fields) {
        return "containers: [{name: broker, image: \"docker.io/library/busybox:1\", imagePullPolicy: IfNotPresent, %s}]"
                .formatted(String.join(", ", fields));
    }

    /// The names of the Configuration's Pods that serve, by UID.
    private Map<String, String> readyPods(String configuration) {
        return kubectl.list("pods", "-n", namespace).stream()
                .filter(pod -> View.name(pod).startsWith(configuration + "-"))
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode() && View.isReady(pod))
                .collect(Collectors.toMap(View::uid, View::name));
    }

    private Set<String> nodesOf(String configuration) {
        return kubectl.list("pods", "-n", namespace).stream()
                .filter(pod -> View.name(pod).startsWith(configuration + "-") && View.isReady(pod))
                .map(pod -> pod.at("/spec/nodeName").asString())
                .collect(Collectors.toSet());
    }

    /// The devices that a broker of a pool finds in its file.
    private List<String> listedIn(String pod) {
        return new JsonMapper()
                .readTree(view.run(pod, "cat", "/etc/petiole/devices.json"))
                .valueStream()
                .map(device -> device.at("/properties/DEBUG_ECHO_DESCRIPTION").asString(""))
                .toList();
    }

    private List<String> left() {
        return List.of(
                        "instances.petiole.dev",
                        "pods",
                        "services",
                        "deployments.apps",
                        "statefulsets.apps",
                        "daemonsets.apps",
                        "cronjobs.batch",
                        "jobs.batch",
                        "leases.coordination.k8s.io",
                        "configmaps")
                .stream()
                .flatMap(kind -> kubectl.names(kind, "-n", namespace).stream().map(name -> kind + "/" + name))
                .filter(name -> !name.equals("configmaps/kube-root-ca.crt"))
                .toList();
    }
}
