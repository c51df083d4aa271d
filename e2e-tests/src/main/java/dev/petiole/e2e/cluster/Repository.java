package dev.petiole.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/// This work tree, found from the working directory upwards.
public record Repository(Path root) {

    private static final Path MARK = Path.of("e2e-tests", "cluster", "cluster.sh");

    public static Repository find() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve(MARK))) {
                return new Repository(directory);
            }
        }
        throw new IllegalStateException("%s: not inside Petiole's work tree".formatted(start));
    }

    public Path path(String first, String... more) {
        return root.resolve(Path.of(first, more));
    }

    public Path clusterScript() {
        return root.resolve(MARK);
    }
}
