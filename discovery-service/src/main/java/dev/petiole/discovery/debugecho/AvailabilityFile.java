package dev.petiole.discovery.debugecho;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/// The file by which a test takes the scripted devices away and gives them back. Its changes are noticed by inotify, on
/// one watch for all discoveries, since a user's inotify instances are few.
@Component
@ConditionalOnBooleanProperty("petiole.debug-echo.enabled")
final class AvailabilityFile implements DisposableBean {

    private final Path file;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable WatchService watch;

    AvailabilityFile(DebugEchoProperties properties) {
        this.file = properties.availabilityFile().toAbsolutePath();
    }

    /// Ends what it stands for when closed.
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /// Calls `listener` after each change from now on; it must not block.
    Subscription onChange(Runnable listener) {
        watch();
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    boolean isOffline() {
        try {
            return Files.readString(file).contains("OFFLINE");
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private synchronized void watch() {
        if (watch != null) {
            return;
        }
        Path directory = file.getParent();
        if (directory == null) {
            throw new IllegalStateException(file + " (expected: a file in a directory)");
        }
        try {
            WatchService opened = directory.getFileSystem().newWatchService();
            directory.register(
                    opened,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            watch = opened;
            Thread.ofVirtual().name("debug-echo-availability").start(() -> follow(opened));
        } catch (IOException e) {
            throw new UncheckedIOException("can't watch " + directory, e);
        }
    }

    private void follow(WatchService opened) {
        try {
            for (WatchKey key = opened.take(); ; key = opened.take()) {
                // Whatever the events say, an overflow included: the file is read again.
                boolean isConcerned = key.pollEvents().stream()
                        .anyMatch(event ->
                                event.context() == null || event.context().equals(file.getFileName()));
                key.reset();
                if (isConcerned) {
                    listeners.forEach(Runnable::run);
                }
            }
        } catch (ClosedWatchServiceException _) {
            // The application ends.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void destroy() throws IOException {
        if (watch != null) {
            watch.close();
        }
    }
}
