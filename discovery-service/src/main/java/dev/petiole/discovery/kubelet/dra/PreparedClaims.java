package dev.petiole.discovery.kubelet.dra;

import dev.petiole.discovery.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The ResourceClaims that are prepared on this node: in memory, and in step with it on the disk. Thread-safe.
@Component
final class PreparedClaims {

    private static final int VERSION = 1;

    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();
    private final TreeMap<String, PreparedClaim> byUid = new TreeMap<>();
    private boolean isLoaded;

    PreparedClaims(NodeProperties node) {
        this.file = node.dataDir().resolve("prepared-claims.json");
    }

    /// The file's content.
    ///
    /// @param version of its format
    record Content(int version, List<PreparedClaim> claims) {}

    /// Reads what was saved last, unless that was done.
    ///
    /// @return whether there is a record; without one it is not known that nothing is prepared
    synchronized boolean load() {
        if (!isLoaded) {
            read();
            isLoaded = true;
        }
        return Files.exists(file);
    }

    private void read() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            Content content = json.readValue(Files.readAllBytes(file), Content.class);
            if (content.version() != VERSION) {
                throw new IllegalStateException(
                        file + ": version " + content.version() + " (expected: " + VERSION + ")");
            }
            content.claims().forEach(claim -> byUid.put(claim.uid(), claim));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(
                    file + ": not a checkpoint (remove it once no Pod here uses a ResourceClaim)", e);
        }
    }

    synchronized Optional<PreparedClaim> find(String uid) {
        load();
        return Optional.ofNullable(byUid.get(uid));
    }

    /// @return all of them, ordered by UID
    synchronized List<PreparedClaim> list() {
        load();
        return new ArrayList<>(byUid.values());
    }

    /// Returns once it is on the disk.
    synchronized void put(PreparedClaim claim) {
        load();
        if (!claim.equals(byUid.put(claim.uid(), claim))) {
            save();
        }
    }

    /// Returns once it is gone from the disk.
    synchronized void remove(String uid) {
        load();
        if (byUid.remove(uid) != null) {
            save();
        }
    }

    private void save() {
        AtomicFile.write(file, json.writeValueAsBytes(new Content(VERSION, List.copyOf(byUid.values()))));
    }
}
