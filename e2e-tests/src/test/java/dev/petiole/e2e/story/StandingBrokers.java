package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Brokers that run while something happens to Petiole: Pods that hold slots, and a pool that holds none. Afterwards
/// they must be the very same ones, with the same slots.
final class StandingBrokers {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String PODS = "standing";
    private static final String POOL = "pool";

    private final Kubectl kubectl;
    private final String namespace;
    private final View view;
    private final int podsPerDevice;
    private Set<String> before = Set.of();
    private int newcomers;

    StandingBrokers(Kubectl kubectl, String namespace, int nodes) {
        this.kubectl = kubectl;
        this.namespace = namespace;
        this.view = new View(kubectl, namespace);
        this.podsPerDevice = Math.min(2, nodes);
    }

    /// Has them run, if they don't yet, and remembers who they are.
    void start() {
        kubectl.apply(new EchoConfiguration(namespace, PODS, "[a, b]", 2).yaml())
                .orThrow();
        kubectl.apply(pool()).orThrow();
        awaitAllIsWell();
        before = identities();
    }

    void assertUntouched() {
        assertThat(identities()).isEqualTo(before);
    }

    /// Waits until conditions say so, every slot has the holder it had, and a device that comes now has a broker that
    /// goes with it: the whole path works.
    void awaitConvergence() {
        awaitAllIsWell();
        assertUntouched();
        String newcomer = "newcomer" + newcomers++;
        kubectl.apply(new EchoConfiguration(namespace, newcomer, "[c]", 1).yaml())
                .orThrow();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers(newcomer)).hasSize(1);
            assertThat(holders(newcomer)).hasSize(1);
        });
        kubectl.output("delete", "configurations.petiole.dev", newcomer, "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.brokers(newcomer)).isEmpty();
            assertThat(view.instances(newcomer)).isEmpty();
        });
        assertUntouched();
    }

    private void awaitAllIsWell() {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers(PODS)).hasSize(2 * podsPerDevice);
            assertThat(holders(PODS)).hasSize(2 * podsPerDevice);
            for (String configuration : List.of(PODS, POOL)) {
                assertThat(reason(configuration, "BrokersReady"))
                        .as(configuration)
                        .isEqualTo("AllReady");
                assertThat(status(configuration, "Ready")).as(configuration).isEqualTo("True");
            }
            assertThat(presences()).containsOnly("Online");
        });
    }

    /// Everything that would be another if it had been made anew, or if a container of it had been restarted.
    private Set<String> identities() {
        Set<String> identities = new TreeSet<>();
        for (String kind : List.of("services", "instances.petiole.dev", "deployments.apps", "configmaps")) {
            kubectl.list(kind, "-n", namespace)
                    .forEach(object -> identities.add(kind + " " + View.name(object) + " " + View.uid(object)));
        }
        kubectl.list("pods", "-n", namespace)
                .forEach(pod -> identities.add("pod " + View.name(pod) + " " + View.uid(pod) + " "
                        + pod.at("/status/containerStatuses/0/containerID").asString("")));
        identities.addAll(holders(PODS));
        return identities;
    }

    private Set<String> holders(String configuration) {
        return view.instances(configuration).stream()
                .flatMap(instance -> instance.at("/status/slots")
                        .valueStream()
                        .filter(slot -> !slot.path("pod").asString("").isEmpty())
                        .map(slot -> "slot of " + View.name(instance) + " held by "
                                + slot.path("pod").asString() + " on "
                                + slot.path("node").asString("")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> presences() {
        return kubectl.list("instances.petiole.dev", "-n", namespace).stream()
                .map(instance -> instance.at("/status/presence").asString(""))
                .collect(Collectors.toSet());
    }

    private String reason(String configuration, String type) {
        return view.condition(configuration, type).path("reason").asString("");
    }

    private String status(String configuration, String type) {
        JsonNode condition = view.condition(configuration, type);
        return condition.path("status").asString("");
    }

    private String pool() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: [d, e, f]"}
                  brokerSpec:
                    brokerPool:
                      devicesPerBroker: 2
                      podSpec:
                        terminationGracePeriodSeconds: 0
                        containers:
                        - name: broker
                          image: docker.io/library/busybox:1
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                """.formatted(POOL, namespace);
    }
}
