package dev.petiole.e2e.documentation;

import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A shell that runs what a page shows as it is written, block after block, with the variables that earlier blocks
/// have set. What each `curl` got is noted on its way to wherever the page sends it.
final class Shell {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String BEFORE = """
            set -euo pipefail
            [ ! -e "$VARIABLES" ] || . "$VARIABLES"
            curl() {
              local told
              told=$(mktemp "$EXCHANGES/XXXXXXXX")
              command curl --write-out '%{stderr}%{http_code} %{method} %{url}\\n' "$@" 2> "$told" | tee "$told.answer"
            }
            """;
    private static final String AFTER = """

            declare -p $(compgen -A variable | grep -xE '[A-Z]|TAG') > "$VARIABLES"
            """;

    private final Path directory;

    /// @param directory to work in, and to keep notes in
    Shell(Path directory) {
        this.directory = directory;
    }

    /// @param output of the block as a whole
    record Run(String output, List<Exchange> exchanges) {

        /// @param url as the page has it, or a part of it
        Exchange exchange(String method, String url) {
            List<Exchange> found = exchanges.stream()
                    .filter(exchange ->
                            exchange.method().equals(method) && exchange.url().contains(url))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError("%s …%s… is not once among %s".formatted(method, url, exchanges));
            }
            return found.getFirst();
        }
    }

    /// @param answer its body, after its headers if the page has them shown
    record Exchange(int status, String method, String url, String answer) {

        JsonNode json() {
            return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 1));
        }
    }

    Run run(String block) throws IOException {
        Path exchanges = Files.createTempDirectory(directory, "exchanges");
        Result result = Command.of("bash", "-c", BEFORE + "cd \"$WORK\"\n" + block + AFTER)
                .withEnvironment("WORK", directory.toString())
                .withEnvironment("VARIABLES", directory.resolve("variables").toString())
                .withEnvironment("EXCHANGES", exchanges.toString())
                .run();
        if (!result.isSuccess()) {
            throw new AssertionError(
                    "exit code %d of%n%s%n%s%s".formatted(result.exitCode(), block, result.output(), result.error()));
        }
        return new Run(result.output(), read(exchanges));
    }

    /// Follows a block that does not end by itself, to the first line that has `last`, and ends it.
    List<String> follow(String block, String last) throws IOException {
        var builder = new ProcessBuilder("bash", "-c", ". \"$VARIABLES\"\n" + block);
        builder.environment().put("VARIABLES", directory.resolve("variables").toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var lines = new ArrayList<String>();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains(last)) {
                    return lines;
                }
            }
            throw new AssertionError("it ended before " + last + ": " + lines);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static List<Exchange> read(Path exchanges) throws IOException {
        try (Stream<Path> files = Files.list(exchanges)) {
            var read = new ArrayList<Exchange>();
            for (Path told :
                    files.filter(file -> !file.toString().endsWith(".answer")).toList()) {
                String[] words = Files.readString(told).strip().split(" ", 3);
                read.add(new Exchange(
                        Integer.parseInt(words[0]), words[1], words[2], Files.readString(Path.of(told + ".answer"))));
            }
            return read;
        }
    }
}
