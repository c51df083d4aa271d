package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// How long it takes from a device's event to its Instance and to its broker's readiness, over ten flips. No test,
/// since it asserts no times: run with `mvn verify -pl e2e-tests -Dit.test=FlipBenchmark`.
@ClusterTest
class FlipBenchmark {

    private static final int FLIPS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Kubectl kubectl;
    private final String namespace;
    private final View view;
    private final EchoDevices devices;

    FlipBenchmark(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.devices = new EchoDevices(kubectl, installation);
    }

    @Test
    void flips() throws IOException {
        devices.putOffline();
        kubectl.apply(new EchoConfiguration(namespace, "flips", "[foo0]", 1).yaml())
                .orThrow();
        List<Long> toInstance = new ArrayList<>();
        List<Long> toBroker = new ArrayList<>();
        List<Long> toGone = new ArrayList<>();
        try (var instances = Sightings.of(kubectl, namespace, "instances.petiole.dev", "{.metadata.name}");
                var brokers =
                        Sightings.of(kubectl, namespace, "pods", "{.status.conditions[?(@.type==\"Ready\")].status}")) {
            for (int flip = 0; flip < FLIPS; flip++) {
                long event = System.nanoTime();
                devices.putOnline();
                toInstance.add(instances.millisFrom(event, line -> line.startsWith("ADDED")));
                toBroker.add(brokers.millisFrom(event, line -> line.endsWith("True")));
                long loss = System.nanoTime();
                devices.putOffline();
                toGone.add(instances.millisFrom(loss, line -> line.startsWith("DELETED")));
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(view.brokers("flips")).isEmpty());
            }
        } finally {
            devices.putOnline();
            kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        }
        System.out.printf("| from event to | min | median | max |%n| --- | --- | --- | --- |%n");
        print("Instance", toInstance);
        print("broker Ready", toBroker);
        print("Instance gone (grace period 2 s included)", toGone);
    }

    private static void print(String what, List<Long> millis) {
        Collections.sort(millis);
        System.out.printf(
                "| %s | %.2f s | %.2f s | %.2f s |%n",
                what,
                millis.getFirst() / 1000.0,
                (millis.get((millis.size() - 1) / 2) + millis.get(millis.size() / 2)) / 2000.0,
                millis.getLast() / 1000.0);
    }

    /// What a watch by `kubectl` prints, each line with the moment it came.
    private record Sightings(Process process, Queue<Line> lines) implements AutoCloseable {

        record Line(long nanos, String text) {}

        static Sightings of(Kubectl kubectl, String namespace, String kind, String field) throws IOException {
            Process process = new ProcessBuilder(kubectl.commandLine(
                            "get",
                            kind,
                            "-n",
                            namespace,
                            "--watch",
                            "--output-watch-events",
                            "-o",
                            "jsonpath={.type} " + field.replace("{.", "{.object.") + "{\"\\n\"}"))
                    .redirectErrorStream(true)
                    .start();
            var sightings = new Sightings(process, new ConcurrentLinkedQueue<>());
            Thread.ofVirtual().name("watch-" + kind).start(() -> sightings.read(process.inputReader()));
            return sightings;
        }

        /// Waits for a line that came after `start`, and tells how long after.
        long millisFrom(long start, Predicate<String> wanted) {
            var found = new ArrayList<Line>();
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
                for (Line line = lines.peek(); line != null; line = lines.peek()) {
                    if (line.nanos() - start >= 0 && wanted.test(line.text())) {
                        found.add(line);
                        return true;
                    }
                    lines.remove();
                }
                return false;
            });
            return (found.getFirst().nanos() - start) / 1_000_000;
        }

        private void read(BufferedReader reader) {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(new Line(System.nanoTime(), line));
                }
            } catch (IOException _) {
                // The process was ended.
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
