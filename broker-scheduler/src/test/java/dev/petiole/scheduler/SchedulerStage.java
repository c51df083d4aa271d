package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.TestCluster;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A namespace of a real API server, a registry that says what the test wants, and a scheduler between them.
final class SchedulerStage implements AutoCloseable {

    private static final Instant SINCE = Instant.parse("2026-11-24T12:00:00Z");

    final Kubectl kubectl = TestCluster.get().kubectl();
    final List<String> nodes = TestCluster.get().nodes();
    final FakeRegistry registry;
    private final String namespace;
    private final List<String> properties;
    private ConfigurableApplicationContext scheduler;

    SchedulerStage(String namespace, String... properties) {
        this(namespace, List.of(properties));
        start();
    }

    private SchedulerStage(String namespace, List<String> properties) {
        this.namespace = namespace;
        this.properties = properties;
        TestCluster.get().makeNamespace(namespace);
        try {
            this.registry = new FakeRegistry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answerFromAllNodes();
    }

    /// A stage on which schedulers act that others start.
    static SchedulerStage withoutScheduler(String namespace) {
        return new SchedulerStage(namespace, List.of());
    }

    void answerFromAllNodes() {
        registry.answerFrom(nodes.stream()
                .map(node -> new NodeDiscovery(node, DiscoveryState.RUNNING, null, null, 1, 1))
                .toList());
    }

    void start() {
        List<String> arguments = new ArrayList<>(properties);
        arguments.add("--petiole.registry.url=" + registry.uri());
        arguments.add("--petiole.kubernetes.kubeconfig=" + TestCluster.get().kubeconfig());
        arguments.add("--server.port=0");
        arguments.add("--management.server.port=0");
        arguments.add("--logging.level.org=warn");
        scheduler =
                new SpringApplicationBuilder(BrokerSchedulerApplication.class).run(arguments.toArray(String[]::new));
    }

    /// Ends the scheduler in the middle of whatever it does, and starts another.
    void restart() {
        scheduler.close();
        start();
    }

    String core(String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }

    String apps(String resource) {
        return "/apis/apps/v1/namespaces/" + namespace + "/" + resource;
    }

    String batch(String resource) {
        return "/apis/batch/v1/namespaces/" + namespace + "/" + resource;
    }

    String petiole(String resource) {
        return "/apis/petiole.dev/v1alpha1/namespaces/" + namespace + "/" + resource;
    }

    ConfigurationKey key(String name) {
        return ConfigurationKey.of(namespace, name);
    }

    void apply(String name, String spec) {
        Kubectl.Answer answer = kubectl.apply(
                petiole("configurations/" + name),
                "{apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: %s, namespace: %s}, spec: %s}"
                        .formatted(name, namespace, spec));
        assertThat(answer.status()).as(answer.message()).isLessThan(300);
        if (!registry.isRefusing()) {
            long generation = Json.number(answer.body(), "metadata", "generation");
            eventually(() -> {
                assertThat(registry.find(key(name))).isNotNull();
                assertThat(Objects.requireNonNull(registry.find(key(name))).generation())
                        .isEqualTo(generation);
            });
        }
    }

    void delete(String name) {
        kubectl.delete(petiole("configurations/" + name));
    }

    /// Says that these nodes see the device so.
    void device(String configuration, String hash, Presence presence, int capacity, Map<String, String> properties) {
        device(configuration, hash, presence, capacity, properties, nodes, List.of());
    }

    void device(
            String configuration,
            String hash,
            Presence presence,
            int capacity,
            Map<String, String> properties,
            List<String> seenBy,
            List<Slot> slots) {
        var known = Objects.requireNonNull(registry.find(key(configuration)));
        registry.put(new Device(
                configuration + "-" + hash,
                known.key(),
                known.uid(),
                "opcua",
                hash,
                seenBy.size() > 1,
                capacity,
                properties,
                Admission.APPROVED,
                presence,
                SINCE,
                presence == Presence.OFFLINE
                        ? List.of()
                        : seenBy.stream()
                                .map(node -> new NodePresence(node, presence, SINCE))
                                .toList(),
                slots,
                "1"));
    }

    Set<String> names(String path) {
        return kubectl.list(path).stream()
                .map(object -> Json.text(object, "metadata", "name"))
                .collect(Collectors.toSet());
    }

    Set<String> uids(String... paths) {
        return List.of(paths).stream()
                .flatMap(path -> kubectl.list(path).stream())
                .map(object -> Json.text(object, "metadata", "uid"))
                .collect(Collectors.toSet());
    }

    JsonObject get(String path) {
        return kubectl.get(path).body();
    }

    String condition(String configuration, String type) {
        return Json.findCondition(get(petiole("configurations/" + configuration)), type)
                .map(condition -> Json.text(condition, "status") + " " + Json.text(condition, "reason") + " "
                        + Json.text(condition, "message"))
                .orElse("");
    }

    /// Waits until so many brokers are ready, and no more are wanted.
    void awaitBrokers(String configuration, int count) {
        eventually(() -> {
            assertThat(condition(configuration, "Ready")).startsWith("True");
            assertThat(condition(configuration, "BrokersReady")).startsWith("True AllReady " + count + " of " + count);
        });
    }

    /// @return how many requests the scheduler has sent to the API server to change something
    double requests() {
        return counters().stream().mapToDouble(Counter::count).sum();
    }

    String requestsByKind() {
        return counters().stream()
                .map(counter -> counter.getId().getTag("verb") + " "
                        + counter.getId().getTag("kind") + " " + (long) counter.count())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private List<Counter> counters() {
        return scheduler.getBean(MeterRegistry.class).find("petiole.kubernetes.requests").counters().stream()
                .filter(counter -> !"get".equals(counter.getId().getTag("verb")))
                .toList();
    }

    /// Nothing of a namespace's may be left when its Configurations are gone.
    @Override
    public void close() {
        if (scheduler == null) {
            start();
        }
        try {
            names(petiole("configurations")).forEach(this::delete);
            // The cluster's garbage collector looks for new kinds of objects every 30 s, and does not know ours before.
            Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                assertThat(names(petiole("instances"))).isEmpty();
                assertThat(names(core("pods"))).isEmpty();
                assertThat(names(core("services"))).isEmpty();
                assertThat(names(apps("deployments"))).isEmpty();
                assertThat(names(core("configmaps"))).containsOnly("kube-root-ca.crt");
            });
        } finally {
            scheduler.close();
            registry.close();
        }
    }

    static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion);
    }

    static void throughout(Duration time, ThrowingRunnable assertion) {
        Awaitility.await().during(time).atMost(time.multipliedBy(3)).untilAsserted(assertion);
    }
}
