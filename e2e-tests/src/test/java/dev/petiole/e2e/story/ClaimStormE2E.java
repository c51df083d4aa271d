package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Capability;
import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import dev.petiole.e2e.process.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Invariant 1 on a real cluster: many more Pods than slots, on two nodes, while discovery services, kubelets and the
/// registry are killed at random. Each Pod writes down, from inside, for how long it had the device; the clock is that
/// of the kernel, which the nodes share. A soak: it runs only with `-De2e.storm=PODS,SECONDS`, say `10,60` or `30,600`.
@ClusterTest
class ClaimStormE2E {

    private static final int CAPACITY = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration FREE_AGAIN = Duration.ofSeconds(30);
    private static final String SIZE = System.getProperty("e2e.storm", "");

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private final Machines machines;
    private final Random random = new Random(20_261_124);
    private final List<Hold> holds = new ArrayList<>();
    private int made;
    private int refused;

    ClaimStormE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.machines = new Machines(cluster, kubectl, installation.namespace());
    }

    /// For how long a Pod had the device, in seconds since the machine began.
    private record Hold(String pod, double from, double to) {}

    @Test
    void aDeviceNeverHasMoreUsersThanSlotsWhateverDies() {
        assumeTrue(!SIZE.isEmpty(), "a soak: give -De2e.storm=PODS,SECONDS");
        assumeTrue(cluster.can(Capability.NODE_COMMANDS), "commands on nodes are needed to kill their processes");
        int[] size = Arrays.stream(SIZE.split(",")).mapToInt(Integer::parseInt).toArray();
        kubectl.apply(configuration()).orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.allocatable())
                        .containsValue(CAPACITY * cluster.nodes().size()));

        long end = System.nanoTime() + Duration.ofSeconds(size[1]).toNanos();
        while (System.nanoTime() < end) {
            harvest();
            refill(size[0]);
            killSomething();
            await().pollDelay(Duration.ofSeconds(random.nextInt(2, 6))).until(() -> true);
        }
        installation.awaitReady();
        // Who runs now still counts; who waits now need not have its turn.
        await().atMost(LIMIT).untilAsserted(() -> {
            harvest();
            assertThat(running()).isEmpty();
        });
        kubectl.output("delete", "pods", "--all", "-n", namespace, "--wait=true", "--timeout=60s");

        System.out.printf(
                "storm: %d Pods made, %d had the device, %d were turned away, at most %d at once%n",
                made, holds.size(), refused, mostAtOnce());
        assertThat(holds).as("the device was used").hasSizeGreaterThan(CAPACITY);
        assertThat(mostAtOnce()).as("users at the same time: %s", holds).isLessThanOrEqualTo(CAPACITY);
        await().atMost(FREE_AGAIN)
                .untilAsserted(() -> assertThat(view.onlyInstance("storm").at("/status/slots"))
                        .isEmpty());
        everyNodeCanHaveItAgain();
    }

    /// A slot that nobody uses but somebody is thought to would keep these out.
    private void everyNodeCanHaveItAgain() {
        List<String> pods = new ArrayList<>();
        for (String node : cluster.nodes()) {
            String name = "after-" + node;
            kubectl.apply(pod(name, "nodeSelector: {kubernetes.io/hostname: " + node + "}"))
                    .orThrow();
            pods.add(name);
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phases()).containsOnly("Succeeded"));
        assertThat(kubectl.names("pods", "-n", namespace)).containsAll(pods);
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    private Set<String> phases() {
        return kubectl.list("pods", "-n", namespace).stream()
                .map(pod -> pod.at("/status/phase").asString(""))
                .collect(Collectors.toSet());
    }

    private List<JsonNode> running() {
        return kubectl.list("pods", "-n", namespace, "--field-selector=status.phase=Running");
    }

    /// Takes down what ended Pods have written, and removes them.
    private void harvest() {
        List<String> over = new ArrayList<>();
        for (JsonNode pod : kubectl.list("pods", "-n", namespace)) {
            String phase = pod.at("/status/phase").asString("");
            if (phase.equals("Succeeded") || phase.equals("Failed")) {
                String name = View.name(pod);
                if (pod.at("/status/reason").asString("").isEmpty()) {
                    if (!note(name)) {
                        continue;
                    }
                } else {
                    refused++;
                }
                over.add(name);
            }
        }
        if (!over.isEmpty()) {
            var words = new ArrayList<>(List.of("delete", "pods", "-n", namespace, "--wait=false"));
            words.addAll(over);
            kubectl.output(words.toArray(String[]::new));
        }
    }

    /// @return false if its kubelet can't tell now
    private boolean note(String pod) {
        Result log = kubectl.run("logs", "-n", namespace, pod);
        if (!log.isSuccess()) {
            return false;
        }
        double[] times = log.output()
                .lines()
                .mapToDouble(line -> Double.parseDouble(line.strip().split(" ")[0]))
                .toArray();
        if (times.length > 0) {
            holds.add(new Hold(pod, times[0], times[times.length - 1]));
        }
        return true;
    }

    private void refill(int pods) {
        int missing = machines.isAllReady()
                ? pods - kubectl.names("pods", "-n", namespace).size()
                : 0;
        if (missing > 0) {
            String all = IntStream.range(0, missing)
                    .mapToObj(_ -> pod("storm-" + made++, ""))
                    .collect(Collectors.joining("---\n"));
            kubectl.apply(all).orThrow();
        }
    }

    /// One at a time: while everything is down nobody gets anything, which proves nothing.
    private void killSomething() {
        if (!machines.isAllReady()) {
            return;
        }
        String node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        switch (random.nextInt(6)) {
            case 0 -> machines.killKubelet(node);
            case 1, 2 -> machines.killService("discovery-service", node);
            case 3 -> machines.killService("registry-service", machines.nodeOf("registry-service"));
            default -> {
                // Nothing dies this time.
            }
        }
    }

    private int mostAtOnce() {
        var changes = new TreeMap<Double, Integer>();
        for (Hold hold : holds) {
            changes.merge(hold.from(), 1, Integer::sum);
            changes.merge(Math.nextUp(hold.to()), -1, Integer::sum);
        }
        int now = 0;
        int most = 0;
        for (int change : changes.values()) {
            now += change;
            most = Math.max(most, now);
        }
        return most;
    }

    private String configuration() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: storm, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: [foo0]"}
                  capacity: %d
                """.formatted(namespace, CAPACITY);
    }

    /// It writes down every tenth of a second that it has the device.
    private String pod(String name, String more) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  %s
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: user
                    image: docker.io/library/busybox:1
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, 'i=0; while [ $i -lt 30 ]; do cat /proc/uptime; sleep 0.1; i=$((i+1)); done']
                    resources: {limits: {%s.petiole.dev/storm: "1"}}
                """.formatted(name, namespace, more, namespace);
    }
}
