package dev.petiole.discovery.external;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What docs/handlers.md shows is what is compiled and run here, to the letter.
class GuideTests {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @ParameterizedTest
    @CsvSource({
        "discovery-service/src/test/java/dev/petiole/discovery/tcp/TcpHandler.java",
        "discovery-service/src/test/java/dev/petiole/discovery/tcp/TcpHandlerTests.java",
        "discovery-service/src/test/resources/dev/petiole/discovery/tcp/details.schema.json",
        "samples/go-handler/main.go",
        "samples/go-handler/daemonset.yaml",
    })
    void showsTheFileAsItIs(String file) throws IOException {
        assertThat(shown(file))
                .as(file)
                .isEqualTo(Files.readString(ROOT.resolve(file)).strip());
    }

    /// @return the block of code after the file's name
    private static String shown(String file) throws IOException {
        String guide = Files.readString(ROOT.resolve("docs/handlers.md"));
        String name = Path.of(file).getFileName().toString();
        Matcher block = Pattern.compile("<!-- " + Pattern.quote(name) + " -->\n```[a-z]+\n(.*?)\n```", Pattern.DOTALL)
                .matcher(guide);
        assertThat(block.find()).as("docs/handlers.md shows " + name).isTrue();
        return block.group(1).strip();
    }
}
