package dev.petiole.discovery.external;

import static dev.petiole.discovery.LogKeys.ERROR;

import dev.petiole.discovery.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The registrations on the node's disk. Losing them costs no more than waiting until the handlers register
/// again.
@Component
final class RegistrationFile {

    private static final Logger log = LoggerFactory.getLogger(RegistrationFile.class);

    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();

    RegistrationFile(NodeProperties node) {
        this.file = node.dataDir().resolve("external-handlers.json");
    }

    /// The file's content.
    record Content(List<Registration> handlers) {}

    synchronized List<Registration> load() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return json.readValue(Files.readAllBytes(file), Content.class).handlers();
        } catch (IOException | JacksonException e) {
            log.atWarn().addKeyValue(ERROR, e.toString()).log("registrations of external handlers can't be read");
            return List.of();
        }
    }

    synchronized void save(List<Registration> registrations) {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = directory.resolve(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            try (var channel = Files.newByteChannel(
                    fresh, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), ownerOnly)) {
                var bytes = java.nio.ByteBuffer.wrap(json.writeValueAsBytes(new Content(registrations)));
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
