package dev.petiole.scheduler.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Each directory of `src/test/resources/WorkloadPlannerTests` is a case: what the registry and the cluster say, and
/// the plan that must come of it. With `-Dpetiole.golden=write` the plans are written anew, to be read before they
/// are committed.
class WorkloadPlannerTests {

    private static final Path CASES = Path.of("src/test/resources/WorkloadPlannerTests");
    private static final boolean IS_WRITING = "write".equals(System.getProperty("petiole.golden"));

    @TestFactory
    Stream<DynamicTest> aSituationAlwaysGivesTheSamePlan() throws IOException {
        try (Stream<Path> directories = Files.list(CASES)) {
            return directories.sorted().toList().stream()
                    .map(directory -> DynamicTest.dynamicTest(
                            directory.getFileName().toString(), directory.toUri(), () -> verify(directory)));
        }
    }

    private static void verify(Path directory) throws IOException {
        JsonObject configuration = read(directory.resolve("in-configuration.yaml"));
        var situation = SituationReader.read(configuration, read(directory.resolve("in-state.yaml")));

        Dialect dialect = SituationReader.dialect(configuration);
        WorkloadPlan plan = WorkloadPlanner.plan(dialect, situation);

        JsonObject actual = PlanWriter.write(plan);
        Path expected = directory.resolve("out-plan.yaml");
        if (IS_WRITING) {
            Files.writeString(expected, dump(actual));
        }
        assertThat(dump(actual)).isEqualTo(dump(read(expected)));
    }

    private static JsonObject read(Path file) throws IOException {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        return new Gson().toJsonTree(tree).getAsJsonObject();
    }

    private static String dump(JsonElement tree) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(options).dump(new Yaml(new SafeConstructor(new LoaderOptions())).load(tree.toString()));
    }
}
