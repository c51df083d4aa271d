package dev.petiole.scheduler.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Does things that spend their time waiting for the API server, several at a time: one Configuration may have a
/// thousand devices, each with a call of its own. There are few at a time, so that no Configuration has all calls.
final class Together {

    private static final int AT_A_TIME = 8;

    private Together() {}

    /// Waits until all is done, or one has thrown: then no more are begun, and that is thrown.
    ///
    /// @return the results, in the order of `items`
    static <T, R> List<R> each(List<T> items, Function<T, R> task) {
        if (items.size() < 2) {
            return items.stream().map(task).toList();
        }
        Map<Integer, R> results = new ConcurrentHashMap<>();
        var next = new AtomicInteger();
        var failure = new AtomicReference<@Nullable RuntimeException>();
        Callable<Boolean> worker = () -> {
            for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                try {
                    results.put(i, task.apply(items.get(i)));
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                    next.set(items.size());
                }
            }
            return true;
        };
        List<Callable<Boolean>> workers = new ArrayList<>();
        IntStream.range(0, Math.min(AT_A_TIME, items.size())).forEach(_ -> workers.add(worker));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(workers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(e);
        }
        @Nullable RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        return IntStream.range(0, items.size())
                .mapToObj(i -> Objects.requireNonNull(results.get(i)))
                .toList();
    }

    /// The scheduler is being ended.
    static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException cause) {
            super(cause);
        }
    }
}
