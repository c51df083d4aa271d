package dev.petiole.discovery.registry;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/// A list of the registry's on the node's disk, so that a restart of this service need not wait for the registry to
/// offer what was offered before. Losing it loses nothing but that. Not thread-safe.
final class RememberedList<T> {

    private static final Logger log = LoggerFactory.getLogger(RememberedList.class);

    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();
    private final JavaType type;

    RememberedList(Path file, Class<T> item) {
        this.file = file;
        this.type = json.getTypeFactory().constructCollectionType(List.class, item);
    }

    /// @return what was saved last; empty if nothing was, or another version of this service wrote it
    Optional<List<T>> find() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(json.readValue(Files.readAllBytes(file), type));
        } catch (IOException | JacksonException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("error", e.toString())
                    .log("forgot a list");
            return Optional.empty();
        }
    }

    /// @throws UncheckedIOException if it can't be written; what was saved before is still there
    void save(List<T> items) {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = directory.resolve(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            try (FileChannel channel = FileChannel.open(fresh, options, ownerOnly)) {
                var bytes = ByteBuffer.wrap(json.writeValueAsBytes(items));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }
}
