package dev.petiole.discovery.allocation;

import dev.petiole.discovery.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Keeps a second process from speaking for the node. The kernel gives the lock back when its holder dies.
@Component
final class NodeLock {

    private final Path file;
    private @Nullable FileChannel channel;

    NodeLock(NodeProperties node) {
        this.file = node.dataDir().resolve("lock");
    }

    /// @throws IllegalStateException if another process has it
    void acquire() {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = opened;
            if (!isLocked(opened)) {
                release();
                throw new IllegalStateException("another discovery service runs on this node: it holds " + file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't lock " + file + " (petiole.data-dir must be writable)", e);
        }
    }

    private static boolean isLocked(FileChannel opened) throws IOException {
        try {
            @Nullable FileLock lock = opened.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    void release() {
        FileChannel held = channel;
        channel = null;
        if (held == null) {
            return;
        }
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException("can't unlock " + file, e);
        }
    }
}
