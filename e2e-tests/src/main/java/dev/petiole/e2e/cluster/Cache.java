package dev.petiole.e2e.cluster;

import java.nio.file.Path;

/// The directory outside the work tree where built binaries, base images and clusters' state lie; the scripts use the
/// same.
public final class Cache {

    private Cache() {}

    public static Path directory() {
        String given = System.getenv("PETIOLE_CACHE");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        String shared = System.getenv("XDG_CACHE_HOME");
        Path parent = shared != null && !shared.isBlank()
                ? Path.of(shared)
                : Path.of(System.getProperty("user.home"), ".cache");
        return parent.resolve("petiole");
    }
}
