package dev.petiole.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemTypeTests {

    private static final Path DOCUMENT = Path.of("../docs/problems.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (\\d{3}) \\|");

    @Test
    void everyTypeIsDocumentedWithItsStatusAndNoOtherIs() throws IOException {
        List<String> documented = ROW.matcher(Files.readString(DOCUMENT))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        List<String> known = Stream.of(ProblemType.values())
                .map(type -> type.slug() + " " + type.status().value())
                .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void typesAreUrisThatClientsCanBranchOn() {
        assertThat(ProblemType.NO_FREE_SLOT.uri()).hasToString("https://petiole.dev/problems/no-free-slot");
    }
}
