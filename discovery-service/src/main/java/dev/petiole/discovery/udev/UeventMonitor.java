package dev.petiole.discovery.udev;

import dev.petiole.discovery.udev.UeventSocket.News;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to the kernel and to udevd on behalf of all udev discoveries of this node, while there are any.
final class UeventMonitor implements DeviceChanges {

    /* The kernel's uevents reach every network namespace, so a Pod gets them without hostNetwork. udevd's own announcement,
     * which comes when its rules have run, does not; but then it has written to its database, which can be watched.
     */
    private static final Logger log = LoggerFactory.getLogger(UeventMonitor.class);

    private final Path database;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable UeventSocket socket;
    private @Nullable WatchService databaseWatch;

    /// @param database udevd's records; need not exist
    UeventMonitor(Path database) {
        this.database = database;
    }

    @Override
    public synchronized Subscription subscribe(Runnable onChange) {
        if (listeners.isEmpty()) {
            socket = openSocket();
            databaseWatch = openDatabaseWatch();
        }
        listeners.add(onChange);
        return new Registered(onChange, socket != null);
    }

    private synchronized void unsubscribe(Runnable onChange) {
        listeners.remove(onChange);
        if (!listeners.isEmpty()) {
            return;
        }
        try {
            if (socket != null) {
                socket.interrupt();
                socket = null;
            }
            if (databaseWatch != null) {
                databaseWatch.close();
                databaseWatch = null;
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("could not stop listening to uevents");
        }
    }

    private @Nullable UeventSocket openSocket() {
        try {
            UeventSocket opened = UeventSocket.open();
            Thread.ofPlatform().daemon().name("discovery-udev-uevents").start(() -> receive(opened));
            return opened;
        } catch (IOException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("no uevents on this node, devices are polled");
            return null;
        }
    }

    private void receive(UeventSocket from) {
        try (from) {
            while (true) {
                switch (from.receive()) {
                    case News.Announced(Uevent uevent) -> {
                        log.atDebug()
                                .addKeyValue("action", uevent.action())
                                .addKeyValue("devpath", uevent.devpath())
                                .log("uevent");
                        listeners.forEach(Runnable::run);
                    }
                    case News.Lost() -> listeners.forEach(Runnable::run);
                    case News.Interrupted() -> {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            log.atError().setCause(e).log("uevents ended, devices are looked for once a minute");
        }
    }

    private @Nullable WatchService openDatabaseWatch() {
        if (!Files.isDirectory(database)) {
            return null;
        }
        try {
            WatchService watch = database.getFileSystem().newWatchService();
            database.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            Thread.ofVirtual().name("discovery-udev-database").start(() -> watch(watch));
            return watch;
        } catch (IOException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("udevd's database can't be watched");
            return null;
        }
    }

    private void watch(WatchService watch) {
        try {
            while (true) {
                WatchKey key = watch.take();
                key.pollEvents();
                key.reset();
                listeners.forEach(Runnable::run);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException _) {
            // Nobody listens any more.
        }
    }

    /// One listener.
    private final class Registered implements Subscription {

        private final Runnable onChange;
        private final boolean isLive;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        Registered(Runnable onChange, boolean isLive) {
            this.onChange = onChange;
            this.isLive = isLive;
        }

        @Override
        public boolean isLive() {
            return isLive;
        }

        @Override
        public void close() {
            if (isClosed.compareAndSet(false, true)) {
                unsubscribe(onChange);
            }
        }
    }
}
