package dev.petiole.discovery.kubelet.deviceplugin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Pieces of work that are done side by side, a few at a time.
final class BoundedWork {

    private static final int AT_A_TIME = 16;

    private final String name;
    private final List<Runnable> pieces = new ArrayList<>();

    BoundedWork(String name) {
        this.name = name;
    }

    void add(Runnable piece) {
        pieces.add(piece);
    }

    /// Returns when all are done.
    ///
    /// @throws RuntimeException the first failure, once all have been tried
    void finish() throws InterruptedException {
        if (pieces.isEmpty()) {
            return;
        }
        @Nullable RuntimeException failure = null;
        try (ExecutorService workers = Executors.newFixedThreadPool(
                Math.min(AT_A_TIME, pieces.size()),
                Thread.ofVirtual().name(name + "-", 0).factory())) {
            List<Future<?>> results = new ArrayList<>();
            pieces.forEach(piece -> results.add(workers.submit(piece)));
            for (Future<?> result : results) {
                try {
                    result.get();
                } catch (ExecutionException e) {
                    failure = failure == null ? toRuntime(e.getCause()) : failure;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException toRuntime(@Nullable Throwable cause) {
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }
}
