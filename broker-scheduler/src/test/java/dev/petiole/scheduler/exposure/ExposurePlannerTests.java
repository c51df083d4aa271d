package dev.petiole.scheduler.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Each directory of `src/test/resources/ExposurePlannerTests` is a case: what the registry and the cluster
/// say, and the plan that must come of it. With `-Dpetiole.golden=write` the plans are written anew, to be read
/// before they are committed. What needs many devices is told below.
class ExposurePlannerTests {

    private static final Path CASES = Path.of("src/test/resources/ExposurePlannerTests");
    private static final boolean IS_WRITING = "write".equals(System.getProperty("petiole.golden"));
    private static final JsonObject CONFIGURATION = Cases.parse("""
            metadata: {name: cams, namespace: shop, uid: uid-1}
            spec: {exposure: ResourceClaim}
            """);

    @TestFactory
    Stream<DynamicTest> aSituationAlwaysGivesTheSamePlan() throws IOException {
        try (Stream<Path> directories = Files.list(CASES)) {
            return directories.sorted().toList().stream()
                    .map(directory -> DynamicTest.dynamicTest(
                            directory.getFileName().toString(), directory.toUri(), () -> verify(directory)));
        }
    }

    private static void verify(Path directory) throws IOException {
        JsonObject configuration = Cases.parse(Files.readString(directory.resolve("in-configuration.yaml")));
        JsonObject state = Cases.parse(Files.readString(directory.resolve("in-state.yaml")));

        ExposurePlan plan = ExposurePlanner.plan(Dialect.PETIOLE, Cases.read(configuration, state));

        JsonObject actual = Cases.write(plan);
        Path expected = directory.resolve("out-plan.yaml");
        if (IS_WRITING) {
            Files.writeString(expected, Cases.dump(actual));
        }
        assertThat(Cases.dump(actual)).isEqualTo(Cases.dump(Cases.parse(Files.readString(expected))));
    }

    /// resource/v1 takes at most 128 devices in a slice.
    @Test
    void aThousandDevicesTakeEightSlicesOfOneGeneration() {
        List<JsonObject> slices = slices(plan(List.of(), i -> true, 1000));

        assertThat(slices).hasSize(8);
        assertThat(slices).allSatisfy(slice -> {
            assertThat(Json.objects(slice, "spec", "devices")).hasSizeBetween(1, 128);
            assertThat(Json.number(slice, "spec", "pool", "resourceSliceCount")).isEqualTo(8);
            assertThat(Json.number(slice, "spec", "pool", "generation")).isEqualTo(1);
        });
    }

    @Test
    void oneThatGoesOrComesBackIsOneWriteAndNoNewGeneration() {
        List<JsonObject> all = slices(plan(List.of(), i -> true, 1000));

        List<JsonObject> without = slices(plan(all, i -> i != 500, 1000));
        assertThat(differing(all, without)).isEqualTo(1);
        assertThat(Json.number(without.getFirst(), "spec", "pool", "generation"))
                .isEqualTo(1);

        List<JsonObject> again = slices(plan(without, i -> true, 1000));
        assertThat(differing(without, again)).isEqualTo(1);
        assertThat(again).isEqualTo(all);
    }

    /// Whoever reads a pool must see all of it before a change, or all of it after.
    @Test
    void aChangeOfSeveralSlicesIsANewGenerationOfAllOfThem() {
        List<JsonObject> all = slices(plan(List.of(), i -> true, 1000));

        List<JsonObject> without = slices(plan(all, i -> i != 1 && i != 999, 1000));

        assertThat(without)
                .allSatisfy(slice -> assertThat(Json.number(slice, "spec", "pool", "generation"))
                        .isEqualTo(2));
    }

    @Test
    void thePoolIsRepackedOnlyWhenLessThanHalfOfItsSlicesWouldDo() {
        List<JsonObject> two = slices(plan(List.of(), i -> true, 129));
        assertThat(two).hasSize(2);

        // At the boundary nothing but the one slice changes, to and fro.
        ExposurePlan full = plan(two, i -> i < 128, 129);
        assertThat(full.removals()).isEmpty();
        assertThat(differing(two, slices(full))).isEqualTo(1);

        List<JsonObject> eight = slices(plan(List.of(), i -> true, 1000));
        ExposurePlan some = plan(eight, i -> i < 500, 1000);
        assertThat(slices(some)).hasSize(8);
        assertThat(some.removals()).isEmpty();
        ExposurePlan few = plan(eight, i -> i < 300, 1000);
        assertThat(slices(few)).hasSize(3);
        assertThat(few.removals()).hasSize(5);
    }

    @Test
    void whatIsAsItShouldBeIsWantedAsItIs() {
        List<JsonObject> all = slices(plan(List.of(), i -> true, 300));

        assertThat(slices(plan(all, i -> true, 300))).isEqualTo(all);
    }

    private static ExposurePlan plan(List<JsonObject> existing, IntPredicate isOnline, int count) {
        var devices = new JsonArray();
        IntStream.range(0, count).forEach(i -> {
            var nodes = new JsonObject();
            nodes.addProperty("node1", isOnline.test(i) ? "Online" : "Missing");
            var device = new JsonObject();
            device.addProperty("name", "cams-%04d".formatted(i));
            device.add("nodes", nodes);
            devices.add(device);
        });
        var nodes = new JsonObject();
        nodes.addProperty("node1", "node1");
        var slices = new JsonArray();
        existing.forEach(slices::add);
        var state = new JsonObject();
        state.add("nodes", nodes);
        state.add("devices", devices);
        state.add("slices", slices);
        return ExposurePlanner.plan(Dialect.PETIOLE, Cases.read(CONFIGURATION, state));
    }

    private static List<JsonObject> slices(ExposurePlan plan) {
        return plan.wanted().stream()
                .filter(Resource.RESOURCE_SLICE::isOf)
                .sorted((one, other) ->
                        Json.text(one, "metadata", "name").compareTo(Json.text(other, "metadata", "name")))
                .toList();
    }

    private static long differing(List<JsonObject> before, List<JsonObject> after) {
        assertThat(after).hasSameSizeAs(before);
        return IntStream.range(0, before.size())
                .filter(i -> !before.get(i).equals(after.get(i)))
                .count();
    }
}
