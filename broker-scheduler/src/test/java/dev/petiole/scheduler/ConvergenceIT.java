package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static dev.petiole.scheduler.SchedulerStage.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeNodes;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Whatever happens to Configurations, devices, nodes and the scheduler itself, in whatever order: afterwards the
/// cluster is as it should be, nothing is left over, and a scheduler that starts anew finds nothing to do.
///
/// `-Dpetiole.convergence.seeds=50` makes a soak of it.
@RequiresApiServer
class ConvergenceIT {

    private static final int SEEDS = Integer.getInteger("petiole.convergence.seeds", 3);
    private static final int FIRST_SEED = Integer.getInteger("petiole.convergence.first-seed", 1);
    private static final int STEPS = 40;
    private static final int STEPS_OF_RIVALS = 16;
    private static final int KILL_EVERY = 8;
    private static final int DEVICES = 4;
    private static final List<String> CONFIGURATIONS = List.of("a", "b", "c");

    @TestFactory
    Stream<DynamicTest> theClusterBecomesWhatItShouldBe() {
        return Stream.iterate(FIRST_SEED, seed -> seed + 1)
                .limit(SEEDS)
                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Run(seed).verify()));
    }

    /// Two schedulers in processes of their own agree by a Lease; the one that leads is killed with SIGKILL in the
    /// middle of what it does, again and again.
    @TestFactory
    Stream<DynamicTest> theClusterBecomesWhatItShouldBeThoughLeadersAreKilled() {
        return Stream.iterate(FIRST_SEED, seed -> seed + 1)
                .limit(SEEDS)
                .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> new Run(seed).verifyWithRivals()));
    }

    /// A kind of broker.
    private enum Kind {
        NONE(""),
        POD("brokerSpec: {brokerPodSpec: {CONTAINERS}}"),
        DEPLOYMENT("brokerSpec: {brokerDeploymentSpec: {template: {spec: {CONTAINERS}}}}"),
        COMMON_DEPLOYMENT("brokerSpec: {per: Configuration, brokerDeploymentSpec: {template: {spec: {CONTAINERS}}}}"),
        POOL("brokerSpec: {brokerPool: {devicesPerBroker: 2, podSpec: {CONTAINERS}}}");

        private final String spec;

        Kind(String spec) {
            this.spec = spec;
        }

        String spec(int version) {
            return spec.replace("CONTAINERS", "containers: [{name: broker, image: \"broker:" + version + "\"}]");
        }
    }

    private record Wish(Kind kind, int version, int capacity, boolean hasServices) {
        String spec() {
            String services = hasServices
                    ? ", instanceServiceSpec: {ports: [{port: 80}]}, configurationServiceSpec: {ports: [{port: 80}]}"
                    : "";
            String broker = kind == Kind.NONE ? "" : ", " + kind.spec(version);
            return "{discoveryHandler: {name: opcua}, capacity: " + capacity + broker + services + "}";
        }
    }

    private static final class Run {
        private final int seed;
        private final Random random;
        private final Map<String, Wish> wishes = new TreeMap<>();
        private final Map<String, Presence> presences = new TreeMap<>();
        private final FakeNodes nodes = TestCluster.get().fakeNodes();

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void verify() {
            assumeThat(nodes).isNotNull();
            try (var stage = new SchedulerStage("convergence-" + seed)) {
                for (int step = 0; step < STEPS; step++) {
                    step(stage, stage::restart);
                }
                settle(stage);
                stage.restart();
                hasNothingToDo(stage);
            } finally {
                TestCluster.get().nodes().forEach(nodes::add);
            }
        }

        void verifyWithRivals() {
            assumeThat(nodes).isNotNull();
            try (var stage = SchedulerStage.withoutScheduler("rivals-" + seed)) {
                try (var rivals = new Rivals("rival-of-" + seed, stage.registry.uri())) {
                    for (int step = 1; step <= STEPS_OF_RIVALS; step++) {
                        step(stage, () -> {});
                        if (step % KILL_EVERY == 0) {
                            rivals.killLeader(Duration.ofMillis(random.nextInt(500)));
                        }
                    }
                    settle(stage);
                }
                stage.start();
                hasNothingToDo(stage);
            } finally {
                TestCluster.get().nodes().forEach(nodes::add);
            }
        }

        private void settle(SchedulerStage stage) {
            stage.nodes.forEach(nodes::add);
            report(stage);
            eventually(() -> compare(stage));
        }

        private void hasNothingToDo(SchedulerStage stage) {
            throughout(
                    Duration.ofSeconds(2),
                    () -> assertThat(stage.requestsByKind()).doesNotContain("apply ", "delete ", "overwrite "));
            compare(stage);
        }

        private void step(SchedulerStage stage, Runnable restart) {
            String configuration = CONFIGURATIONS.get(random.nextInt(CONFIGURATIONS.size()));
            String node = stage.nodes.get(random.nextInt(stage.nodes.size()));
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> wish(stage, configuration);
                case 4 -> unwish(stage, configuration);
                case 5 -> restart.run();
                case 6 -> nodes.cordon(node, random.nextBoolean());
                case 7 -> nodes.setReady(node, random.nextBoolean());
                case 8 -> nodes.remove(node);
                case 9 -> nodes.add(node);
                case 10 -> edit(stage);
                default -> change(stage, configuration);
            }
        }

        private void wish(SchedulerStage stage, String configuration) {
            var wish = new Wish(
                    Kind.values()[random.nextInt(Kind.values().length)],
                    random.nextInt(3),
                    1 + random.nextInt(2),
                    random.nextBoolean());
            // As with kubectl replace: nothing of the former broker stays.
            Wish before = wishes.get(configuration);
            if (before != null && before.kind() != wish.kind()) {
                stage.kubectl.patch(
                        stage.petiole("configurations/" + configuration), "{\"spec\": {\"brokerSpec\": null}}");
            }
            wishes.put(configuration, wish);
            stage.apply(configuration, wish.spec());
        }

        private void unwish(SchedulerStage stage, String configuration) {
            wishes.remove(configuration);
            presences.keySet().removeIf(device -> device.startsWith(configuration + "-"));
            stage.delete(configuration);
            eventually(() ->
                    assertThat(stage.registry.find(stage.key(configuration))).isNull());
        }

        private void change(SchedulerStage stage, String configuration) {
            if (wishes.containsKey(configuration)) {
                String device = configuration + "-device" + random.nextInt(DEVICES);
                Presence[] all = Presence.values();
                presences.put(device, all[random.nextInt(all.length)]);
                report(stage, device);
            }
        }

        /// As a person does who does not know better.
        private void edit(SchedulerStage stage) {
            List<JsonObject> objects = new ArrayList<>(stage.kubectl.list(stage.core("pods")));
            objects.addAll(stage.kubectl.list(stage.petiole("instances")));
            if (objects.isEmpty()) {
                return;
            }
            JsonObject object = objects.get(random.nextInt(objects.size()));
            String name = Json.text(object, "metadata", "name");
            boolean isPod = Json.at(object, "spec", "containers") != null;
            String path = isPod ? stage.core("pods/" + name) : stage.petiole("instances/" + name);
            // A Pod that is labelled out of its ReplicaSet is nobody's from then on.
            boolean isOfReplicaSet = Json.objects(object, "metadata", "ownerReferences").stream()
                    .anyMatch(owner -> Json.text(owner, "kind").equals("ReplicaSet"));
            if (random.nextBoolean() || isOfReplicaSet) {
                stage.kubectl.delete(path);
            } else {
                stage.kubectl.patch(path, "{\"metadata\": {\"labels\": {\"petiole.dev/configuration\": \"other\"}}}");
            }
        }

        /// At the end everything is settled: what is not offline is online.
        private void report(SchedulerStage stage) {
            presences.replaceAll((_, presence) -> presence == Presence.OFFLINE ? presence : Presence.ONLINE);
            presences.keySet().forEach(device -> report(stage, device));
        }

        private void report(SchedulerStage stage, String device) {
            String[] parts = device.split("-", 2);
            Wish wish = wishes.get(parts[0]);
            int first = device.charAt(device.length() - 1) % stage.nodes.size();
            List<String> seenBy = first == 0 ? stage.nodes : List.of(stage.nodes.get(first));
            stage.device(
                    parts[0],
                    parts[1],
                    presences.getOrDefault(device, Presence.OFFLINE),
                    wish == null ? 1 : wish.capacity(),
                    Map.of("URL", device),
                    seenBy,
                    List.of());
        }

        private void compare(SchedulerStage stage) {
            Set<String> instances = new HashSet<>();
            Set<String> deployments = new HashSet<>();
            Set<String> services = new HashSet<>();
            Map<String, Integer> pods = new HashMap<>();
            Map<String, Set<String>> pooled = new HashMap<>();
            presences.forEach((device, presence) -> {
                String configuration = device.split("-", 2)[0];
                Wish wish = wishes.get(configuration);
                if (presence == Presence.OFFLINE || wish == null) {
                    return;
                }
                instances.add(device);
                int first = device.charAt(device.length() - 1) % stage.nodes.size();
                switch (wish.kind()) {
                    case NONE -> {}
                    case POD -> pods.put(device, first == 0 ? Math.min(wish.capacity(), stage.nodes.size()) : 1);
                    case DEPLOYMENT -> deployments.add(device);
                    case COMMON_DEPLOYMENT -> deployments.add(configuration);
                    case POOL ->
                        pooled.computeIfAbsent(configuration, _ -> new HashSet<>())
                                .add(device);
                }
                if (wish.hasServices() && wish.kind() != Kind.NONE) {
                    services.add(device + "-svc");
                    services.add(configuration + "-svc");
                }
            });
            assertThat(stage.names(stage.petiole("instances"))).isEqualTo(instances);
            stage.kubectl.list(stage.petiole("instances")).forEach(this::compareInstance);
            assertThat(stage.names(stage.core("services"))).isEqualTo(services);
            assertThat(brokerPods(stage)).isEqualTo(pods);
            assertThat(pools(stage)).isEqualTo(pooled);
            Set<String> others = stage.names(stage.apps("deployments"));
            others.removeIf(name -> name.contains("-pool-"));
            assertThat(others).isEqualTo(deployments);
            wishes.keySet()
                    .forEach(configuration ->
                            assertThat(stage.condition(configuration, "Ready")).startsWith("True"));
        }

        /// What people have edited is put back, and what they wish is there.
        private void compareInstance(JsonObject instance) {
            String configuration = Json.text(instance, "metadata", "name").split("-", 2)[0];
            assertThat(Json.text(instance, "metadata", "labels", "petiole.dev/configuration"))
                    .isEqualTo(configuration);
            assertThat(Json.number(instance, "spec", "capacity"))
                    .isEqualTo(Objects.requireNonNull(wishes.get(configuration)).capacity());
        }

        private static Map<String, Integer> brokerPods(SchedulerStage stage) {
            Map<String, Integer> pods = new HashMap<>();
            for (JsonObject pod : stage.kubectl.list(stage.core("pods"))) {
                JsonObject labels = Json.object(pod, "metadata", "labels");
                if (Json.text(labels, "app.kubernetes.io/managed-by").equals("petiole")) {
                    pods.merge(Json.text(labels, "petiole.dev/instance"), 1, Integer::sum);
                }
            }
            return pods;
        }

        /// Each device is in one pool, and none has more than it may.
        private static Map<String, Set<String>> pools(SchedulerStage stage) {
            Map<String, Set<String>> pools = new HashMap<>();
            for (JsonObject list : stage.kubectl.list(stage.core("configmaps"))) {
                String name = Json.text(list, "metadata", "name");
                if (name.contains("-pool-")) {
                    List<String> devices =
                            JsonParser.parseString(Json.text(list, "data", "devices.json"))
                                    .getAsJsonArray()
                                    .asList()
                                    .stream()
                                    .map(device -> Json.text(device, "name"))
                                    .toList();
                    assertThat(devices).hasSizeBetween(1, 2);
                    Set<String> all = pools.computeIfAbsent(name.split("-")[0], _ -> new HashSet<>());
                    devices.forEach(
                            device -> assertThat(all.add(device)).as(device).isTrue());
                    assertThat(stage.names(stage.apps("deployments"))).contains(name);
                }
            }
            return pools;
        }
    }
}
