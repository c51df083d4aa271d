package dev.petiole.discovery.kubelet.deviceplugin;

import static dev.petiole.discovery.LogKeys.ERROR;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices files that come and go in a directory.
final class DirectoryWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

    private final Path directory;
    private final Runnable onEvent;
    private @Nullable WatchService watch;

    /// @param onEvent must only note that there is something to do
    DirectoryWatch(Path directory, Runnable onEvent) {
        this.directory = directory;
        this.onEvent = onEvent;
    }

    /// Sees to it that the directory is watched, if it is there. To be called again and again, since a directory that
    /// was removed takes its watch along.
    synchronized void ensure() {
        if (watch != null) {
            return;
        }
        try {
            WatchService opened = directory.getFileSystem().newWatchService();
            try {
                directory.register(opened, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            watch = opened;
            Thread.ofVirtual().name("watch-" + directory.getFileName()).start(() -> follow(opened));
        } catch (IOException e) {
            // Looking now and then has to do until there is something to watch.
            log.atDebug()
                    .addKeyValue("directory", directory)
                    .addKeyValue(ERROR, e.toString())
                    .log("can't watch");
        }
    }

    private void follow(WatchService opened) {
        try {
            boolean isValid = true;
            while (isValid) {
                WatchKey key = opened.take();
                key.pollEvents();
                isValid = key.reset();
                onEvent.run();
            }
            forget(opened);
        } catch (ClosedWatchServiceException _) {
            // The application ends.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void forget(WatchService ended) {
        close(ended);
        watch = null;
    }

    @Override
    public synchronized void close() {
        if (watch != null) {
            close(watch);
        }
    }

    private void close(WatchService service) {
        try {
            service.close();
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("directory", directory)
                    .addKeyValue(ERROR, e.toString())
                    .log("can't end watch");
        }
    }
}
