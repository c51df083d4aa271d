package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// How long it takes until 1,000 shared devices can be claimed, and how many ResourceSlices a change writes. No
/// test, since it asserts no times: run with `mvn verify -pl e2e-tests -Dit.test=ClaimBenchmark`.
@ClusterTest
class ClaimBenchmark {

    private static final int DEVICES = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Kubectl kubectl;
    private final String namespace;
    private final ClaimedDevices claimed;

    /// @param installation must be there, though nothing is asked of it
    ClaimBenchmark(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.claimed = new ClaimedDevices(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() {
        kubectl.run(LIMIT, "delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=200s");
    }

    @Test
    void publishes() {
        // A DeviceClass that is there already, so that what follows is the devices alone.
        apply(1);
        awaitPublished(1);
        tell("all published", () -> apply(DEVICES), DEVICES);
        tell("one goes", () -> apply(DEVICES - 1), DEVICES - 1);
        tell("one comes", () -> apply(DEVICES), DEVICES);
        tell("100 go", () -> apply(DEVICES - 100), DEVICES - 100);
    }

    private void tell(String what, Runnable change, int count) {
        Map<String, String> before = versions();
        long start = System.nanoTime();
        change.run();
        awaitPublished(count);
        long millis = (System.nanoTime() - start) / 1_000_000;
        Map<String, String> after = versions();
        long written = after.entrySet().stream()
                .filter(slice -> !slice.getValue().equals(before.get(slice.getKey())))
                .count();
        System.out.printf("benchmark: %s: %d ms, %d of %d slices written%n", what, millis, written, after.size());
    }

    private void apply(int count) {
        String descriptions = IntStream.range(0, count)
                .mapToObj(i -> "d%04d".formatted(i))
                .collect(Collectors.joining(", ", "[", "]"));
        kubectl.apply(claimed.configuration("many", descriptions, 1, "ResourceClaim", false))
                .orThrow();
    }

    private void awaitPublished(int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            List<JsonNode> slices = claimed.slices("many");
            assertThat(slices.stream()
                            .mapToInt(slice -> slice.at("/spec/devices").size())
                            .sum())
                    .isEqualTo(count);
            assertThat(slices)
                    .allSatisfy(slice -> assertThat(
                                    slice.at("/spec/pool/resourceSliceCount").asInt())
                            .isEqualTo(slices.size()));
        });
    }

    private Map<String, String> versions() {
        return claimed.slices("many").stream()
                .collect(Collectors.toMap(
                        View::name,
                        slice -> slice.at("/metadata/resourceVersion").asString()));
    }
}
