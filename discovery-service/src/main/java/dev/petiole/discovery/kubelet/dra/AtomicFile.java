package dev.petiole.discovery.kubelet.dra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is there in full or not at all, whenever the machine stops.
final class AtomicFile {

    private AtomicFile() {}

    /// Returns once the content is on the disk. Only the owner can read it.
    static void write(Path file, byte[] content) {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            // Hidden, and with no suffix that a reader of the directory would take for one of its own.
            Path fresh = directory.resolve("." + file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            try (FileChannel channel = FileChannel.open(fresh, options, ownerOnly)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }
}
