package dev.petiole.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WorkQueueTests {

    private static final WorkQueue.Backoff BACKOFF =
            new WorkQueue.Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    @Test
    void aKeyAddedTwiceIsTakenOnce() throws InterruptedException {
        var queue = new WorkQueue<String>(BACKOFF, new Random(1));
        queue.add("a");
        queue.add("a");
        queue.add("b");

        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void aKeyAddedWhileItIsLookedAtIsLookedAtAgain() throws InterruptedException {
        var queue = new WorkQueue<String>(BACKOFF, new Random(1));
        queue.add("a");
        queue.take();
        queue.add("a");
        queue.add("b");

        assertThat(queue.take()).isEqualTo("b");
        queue.succeeded("a");
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void thePauseDoublesUpToItsLimitAndBeginsAnewAfterASuccess() throws InterruptedException {
        var queue = new WorkQueue<String>(BACKOFF, new Random(1));
        queue.add("a");
        queue.take();
        assertThat(queue.failed("a")).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        queue.add("a");
        queue.take();
        assertThat(queue.failed("a")).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        for (int i = 0; i < 50; i++) {
            queue.add("a");
            queue.take();
            assertThat(queue.failed("a")).isLessThanOrEqualTo(Duration.ofSeconds(10));
        }
        queue.add("a");
        queue.take();
        queue.succeeded("a");
        queue.add("a");
        queue.take();
        assertThat(queue.failed("a")).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    }

    @Test
    void aFailingKeyIsTriedAgainAndDoesNotHoldUpOthers() {
        var seen = new ConcurrentLinkedQueue<String>();
        var failures = new AtomicInteger(2);
        try (var loop = new KeyLoop<String>("test", 1, new Random(1), key -> {
            seen.add(key);
            if (key.equals("bad") && failures.getAndDecrement() > 0) {
                throw new UnsupportedOperationException("fails twice");
            }
            return Optional.empty();
        })) {
            loop.add("bad");
            loop.add("good");
            loop.start();

            Awaitility.await().untilAsserted(() -> assertThat(seen).containsSubsequence("bad", "good", "bad", "bad"));
        }
    }

    @Test
    void theSameKeyIsNeverLookedAtTwiceAtTheSameTime() throws InterruptedException {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var looks = new CountDownLatch(20);
        try (var loop = new KeyLoop<String>("test", 4, new Random(1), _ -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            looks.countDown();
            return Optional.of(Duration.ofMillis(1));
        })) {
            loop.add("a");
            loop.start();
            looks.await();
        }
        assertThat(most).hasValue(1);
    }
}
