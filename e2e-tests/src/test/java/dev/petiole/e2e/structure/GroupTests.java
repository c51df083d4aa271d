package dev.petiole.e2e.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupTests {

    // Constants are gone from the compiled classes, so it is the sources that are searched.
    private static final Pattern GROUP =
            Pattern.compile("ConfigurationKey\\.(PETIOLE|AKRI)|isPetiole\\(|\"[^\"]*akri\\.sh[^\"]*\"");

    /// The architecture: a dialect is the only place that may branch on the API group.
    @ParameterizedTest
    @CsvSource({"registry-service, registry", "discovery-service, discovery", "broker-scheduler, scheduler"})
    void onlyTheDialectsAskForTheGroup(String module, String service) throws IOException {
        Path sources = Repository.find().path(module, "src", "main", "java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> askers = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.getParent().endsWith("dialect"))
                    .filter(GroupTests::asksForGroup)
                    .toList();

            assertThat(askers).isEmpty();
        }
        assertThat(asksForGroup(sources.resolve("dev/petiole/" + service + "/dialect/AkriDialect.java")))
                .isTrue();
    }

    private static boolean asksForGroup(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.startsWith("//") && !line.contains("new FieldError("))
                    .anyMatch(line -> GROUP.matcher(line).find());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
