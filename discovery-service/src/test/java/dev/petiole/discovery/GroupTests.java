package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupTests {

    private static final Path SOURCES = Path.of("src/main/java");

    // Constants are gone from the compiled classes, so it is the sources that are searched.
    private static final Pattern GROUP =
            Pattern.compile("ConfigurationKey\\.(PETIOLE|AKRI)|isPetiole\\(|\"[^\"]*akri\\.sh[^\"]*\"");

    /// The architecture: a dialect is the only place that may branch on the API group.
    @Test
    void onlyTheDialectsAskForTheGroup() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> askers = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.getParent().endsWith("dialect"))
                    .filter(GroupTests::asksForGroup)
                    .toList();

            assertThat(askers).isEmpty();
        }
        assertThat(asksForGroup(SOURCES.resolve("dev/petiole/discovery/dialect/AkriDialect.java")))
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
