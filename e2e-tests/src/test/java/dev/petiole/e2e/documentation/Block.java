package dev.petiole.e2e.documentation;

import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A fenced block of a page, without its indentation.
///
/// @param place page and line, for people
/// @param language what stands behind the fence: `yaml`, `sh`, …
record Block(String place, String language, String text) {

    private static final Path ROOT = Repository.find().root();
    private static final Pattern FENCE = Pattern.compile("(?<indent> *)```(?<language>\\w+)");

    /// All blocks of all pages that are for people.
    static List<Block> all() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            var pages = new ArrayList<>(docs.filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("charts/petiole/README.md"));
            pages.add(ROOT.resolve("samples/smart-store/README.md"));
            return pages.stream().flatMap(page -> of(page).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Block> of(Path page) {
        List<String> lines = lines(page);
        var blocks = new ArrayList<Block>();
        for (int begin = 0; begin < lines.size(); begin++) {
            Matcher fence = FENCE.matcher(lines.get(begin));
            if (!fence.matches()) {
                continue;
            }
            int end = begin + 1;
            while (!lines.get(end).strip().equals("```")) {
                end++;
            }
            String place = ROOT.relativize(page) + ":" + (begin + 1);
            int indent = fence.group("indent").length();
            String text = String.join(
                    "\n",
                    lines.subList(begin + 1, end).stream()
                            .map(line -> line.substring(Math.min(indent, line.length())))
                            .toList());
            blocks.add(new Block(place, fence.group("language"), text));
            begin = end;
        }
        return blocks;
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
