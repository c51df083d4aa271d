package dev.petiole.discovery.allocation;

import dev.petiole.discovery.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The node's claims on its disk, so that a restart of this service forgets none. What was saved survives a crash of
/// the machine. Not thread-safe.
@Component
final class Checkpoint {

    private static final int VERSION = 1;

    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();

    Checkpoint(NodeProperties node) {
        this.file = node.dataDir().resolve("claims.json");
    }

    /// The file's content.
    ///
    /// @param version of its format
    record Content(int version, List<Claim> claims) {}

    /// @return what was saved last; empty if nothing ever was
    Optional<List<Claim>> find() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Content content = json.readValue(Files.readAllBytes(file), Content.class);
            if (content.version() != VERSION) {
                throw new IllegalStateException(
                        file + ": version " + content.version() + " (expected: " + VERSION + ")");
            }
            return Optional.of(content.claims());
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        } catch (JacksonException e) {
            throw new IllegalStateException(file + ": not a checkpoint (remove it once no Pod here uses a device)", e);
        }
    }

    /// Returns once it is on the disk.
    ///
    /// @throws UncheckedIOException if it can't be written; what was saved before is still there
    void save(List<Claim> claims) {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = directory.resolve(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            write(fresh, json.writeValueAsBytes(new Content(VERSION, claims)));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }

    private static void write(Path fresh, byte[] content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (FileChannel channel = FileChannel.open(fresh, options, ownerOnly)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
