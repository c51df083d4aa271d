package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against a server that the test opens and closes itself. The poll interval is so long that only a closed connection
/// tells.
class UrlWatchTests {

    private static final DiscoveryUrl URL = new DiscoveryUrl("10.0.0.7", 4840, "/");
    private static final OpcUaQuery QUERY = new OpcUaQuery(
            List.of(URL),
            OpcUaQuery.Scan.NONE,
            false,
            ApplicationNameFilter.ALL,
            OpcUaQuery.LONGEST,
            OpcUaQuery.DEFAULT_TIMEOUT);

    private final FakeServer server = new FakeServer();
    private final LinkedBlockingQueue<UrlAnswer> answers = new LinkedBlockingQueue<>();
    private final Thread watch = Thread.ofVirtual().start(this::watch);

    @AfterEach
    void stop() throws InterruptedException {
        watch.interrupt();
        assertThat(watch.join(Duration.ofSeconds(10))).isTrue();
        assertThat(server.open.get()).as("connections left open").isZero();
    }

    /// That it may be asked again without delay is the word of [AskingLimitTests].
    @Test
    void serverThatEndsIsMissedThoughNoPollIsDue() throws InterruptedException {
        assertThat(next().devices()).hasSize(1);

        server.end();

        assertThat(next().devices()).isEmpty();
    }

    @Test
    void serverThatClosesEveryConnectionIsAskedAFewTimesAndThenOnceASecond() throws InterruptedException {
        assertThat(next().devices()).hasSize(1);
        int before = server.opened.get();

        long begun = System.nanoTime();
        server.closesEveryConnection = true;
        server.close();
        await().until(() -> server.opened.get() - before > AskingLimit.BURST);
        int asked = server.opened.get() - before;
        int seconds = (int) Duration.ofNanos(System.nanoTime() - begun).toSeconds();

        // By the time that has really passed, so that a slow machine does not matter.
        assertThat(asked).isBetween(AskingLimit.BURST, AskingLimit.BURST + 1 + seconds);
        server.closesEveryConnection = false;
    }

    private UrlAnswer next() throws InterruptedException {
        UrlAnswer answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).as("an answer").isNotNull();
        return answer;
    }

    private void watch() {
        try {
            new UrlWatch(URL, QUERY, server, (_, _) -> true).run(answers::add);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class FakeServer implements OpcUaConnector {

        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        volatile boolean closesEveryConnection;
        private final AtomicReference<Connection> last = new AtomicReference<>();
        private volatile boolean isEnded;

        @Override
        public OpcUaConnection open(DiscoveryUrl url, Runnable whenLost) throws EndpointUnreachable {
            if (isEnded) {
                throw new EndpointUnreachable("refused");
            }
            opened.incrementAndGet();
            open.incrementAndGet();
            var connection = new Connection(whenLost);
            last.set(connection);
            return connection;
        }

        /// Refuses connections from now on too.
        void end() {
            isEnded = true;
            close();
        }

        /// Closes the newest connection.
        void close() {
            last.get().lose();
        }

        private final class Connection implements OpcUaConnection {

            private final Runnable whenLost;
            private boolean isOpen = true;

            Connection(Runnable whenLost) {
                this.whenLost = whenLost;
            }

            void lose() {
                close();
                whenLost.run();
            }

            @Override
            public synchronized boolean isOpen() {
                return isOpen;
            }

            @Override
            public List<Application> findServers() {
                return List.of(new Application("urn:a", "a", "", true, false, List.of(URL.toString())));
            }

            @Override
            public List<String> findServersOnNetwork() {
                return List.of();
            }

            @Override
            public EndpointFacts getEndpoints() {
                if (closesEveryConnection) {
                    lose();
                }
                return new EndpointFacts(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
            }

            @Override
            public synchronized void close() {
                if (isOpen) {
                    isOpen = false;
                    open.decrementAndGet();
                }
            }
        }
    }
}
