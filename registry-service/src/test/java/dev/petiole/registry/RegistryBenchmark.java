package dev.petiole.registry;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RegistryProcess;
import dev.petiole.registry.testing.TestDatabases;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the registry can do; see docs/benchmarks.md. Prints lines of a table. `-Dbenchmark.devices`,
/// `-Dbenchmark.watchers` and `-Dregistry.database` say how much and on what.
class RegistryBenchmark {

    private static final int DEVICES = Integer.getInteger("benchmark.devices", 10_000);
    private static final int WATCHERS = Integer.getInteger("benchmark.watchers", 200);
    // On 500 nodes, or fewer with at least 20 devices each.
    private static final int PER_NODE = Math.max(20, DEVICES / 500);
    private static final int CLIENTS = 32;
    private static final Duration ROUND = Duration.ofSeconds(15);
    // In which the JIT compiler comes to rest.
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration STEADY = Duration.ofSeconds(100);
    private static final int CHANGES_PER_SECOND = 5;

    @TempDir
    private Path directory;

    @Test
    void measure() throws Exception {
        try (var registry = RegistryProcess.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client);
            print("memory, no device", registry.memory() / 1024 + " MB");

            int nodes = DEVICES / PER_NODE;
            List<FakeAgent> agents = IntStream.range(0, nodes)
                    .mapToObj(i -> FakeAgent.begin(client, "n" + i))
                    .toList();
            long begun = System.nanoTime();
            parallel(agents.size(), i -> agents.get(i).sees(configuration, identities(i, 0)));
            print("devices added per second", perSecond(DEVICES, begun));
            print("memory, " + DEVICES + " devices", registry.memory() / 1024 + " MB");

            steady(agents, configuration, WARM_UP);
            double busyBefore = processorSeconds(registry);
            steady(agents, configuration, STEADY).print();
            print(
                    "steady: the registry's processor time",
                    Math.round((processorSeconds(registry) - busyBefore) / STEADY.toSeconds() * 100) + " % of a core");
            var turn = new AtomicInteger();
            print("observations per second, nothing new", rate(() -> {
                int i = turn.getAndIncrement() % nodes;
                synchronized (agents.get(i)) {
                    agents.get(i).sees(configuration, identities(i, 0));
                }
            }));
            print("observations per second, each changing 2 devices", rate(() -> {
                int n = turn.getAndIncrement();
                int i = n % nodes;
                synchronized (agents.get(i)) {
                    agents.get(i).sees(configuration, identities(i, n / nodes % 2));
                }
            }));
            print(
                    "lease renewals per second",
                    rate(() -> agents.get(turn.getAndIncrement() % nodes).renew()));
            List<Device> some =
                    client.devices().list(null, null, null, "n1", 20, null).items();
            latency("claim", 500, n -> agents.get(1).claim(some.get(n % some.size()), "id-" + n % some.size()));
            latency("page of 100", 300, _ -> client.devices().list(null, null, null, null, 100, null));
            latency(
                    "page of 100, one node",
                    300,
                    n -> client.devices().list(null, null, null, "n" + n % nodes, 100, null));
            fanOut(registry, configuration);
            print("memory at the end", registry.memory() / 1024 + " MB");
            print("database file", databaseSize());
        }
    }

    /// What nodes do all day: each renews its lease every ten seconds, and here and there a device comes and another
    /// goes.
    private static Steady steady(List<FakeAgent> agents, Configuration configuration, Duration duration)
            throws InterruptedException {
        int renewalsPerSecond = Math.max(1, agents.size() / 10);
        var steady = new Steady(agents.size());
        long begun = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        int count = renewalsPerSecond * (int) duration.toSeconds();
        for (int n = 0; n < count; n++) {
            long due = begun + n * 1_000_000_000L / renewalsPerSecond;
            FakeAgent agent = agents.get(n % agents.size());
            int turn = n / agents.size();
            int node = n % agents.size();
            boolean isChange = n % (renewalsPerSecond / CHANGES_PER_SECOND) == 0;
            LockSupport.parkNanos(due - System.nanoTime());
            threads.add(Thread.ofVirtual().start(() -> {
                synchronized (agent) {
                    steady.renewals.add(nanos(agent::renew));
                    if (isChange) {
                        steady.observations.add(nanos(
                                () -> agent.sees(configuration, identities(node, (turn + 1) % 2))));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return steady;
    }

    private record Steady(int nodes, Queue<Long> renewals, Queue<Long> observations) {

        Steady(int nodes) {
            this(nodes, new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        }

        void print() {
            String load =
                    nodes + " nodes renew every 10 s, " + CHANGES_PER_SECOND + " observations a second change devices";
            RegistryBenchmark.print("steady (" + load + "): a renewal", percentiles(toArray(renewals)));
            RegistryBenchmark.print("steady: such an observation", percentiles(toArray(observations)));
        }
    }

    private static long nanos(Runnable call) {
        long from = System.nanoTime();
        call.run();
        return System.nanoTime() - from;
    }

    private static long[] toArray(Queue<Long> nanos) {
        return nanos.stream().mapToLong(Long::longValue).toArray();
    }

    private void fanOut(RegistryProcess registry, Configuration configuration) throws Exception {
        List<Thread> threads = new ArrayList<>();
        int changes = 20;
        var ready = new CountDownLatch(WATCHERS);
        long[][] seen = new long[WATCHERS][changes];
        long[] written = new long[changes];
        for (int w = 0; w < WATCHERS; w++) {
            int watcher = w;
            threads.add(Thread.ofVirtual().start(() -> {
                // Only one node's: the initial state is small.
                try (EventLog stream = EventLog.open(registry.uri().resolve("/api/v1/devices?node=fan-out"), null)) {
                    stream.next(1);
                    ready.countDown();
                    for (int change = 0; change < changes; change++) {
                        stream.next(1);
                        seen[watcher][change] = System.nanoTime();
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        ready.await();
        FakeAgent node = FakeAgent.begin(registry.client(), "fan-out");
        for (int change = 0; change < changes; change++) {
            written[change] = System.nanoTime();
            String[] identities = IntStream.rangeClosed(0, change)
                    .mapToObj(i -> "fan-out-" + i)
                    .toArray(String[]::new);
            node.sees(configuration, identities);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] delays = IntStream.range(0, WATCHERS * changes)
                .mapToLong(i -> seen[i / changes][i % changes] - written[i % changes])
                .toArray();
        print("from a write to its event, " + WATCHERS + " watchers", percentiles(delays));
    }

    /// Two sets of which each misses one device of the other.
    private static String[] identities(int node, int variant) {
        return IntStream.range(variant, PER_NODE + variant)
                .mapToObj(i -> "n" + node + "-device-" + i)
                .toArray(String[]::new);
    }

    private static String rate(Runnable call) throws InterruptedException {
        long begun = System.nanoTime();
        var done = new AtomicInteger();
        long[][] latencies = new long[CLIENTS][];
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            int index = c;
            threads.add(Thread.ofVirtual().start(() -> {
                List<Long> mine = new ArrayList<>();
                while (System.nanoTime() - begun < ROUND.toNanos()) {
                    long from = System.nanoTime();
                    call.run();
                    mine.add(System.nanoTime() - from);
                    done.incrementAndGet();
                }
                latencies[index] = mine.stream().mapToLong(Long::longValue).toArray();
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return perSecond(done.get(), begun) + ", "
                + percentiles(
                        Arrays.stream(latencies).flatMapToLong(Arrays::stream).toArray());
    }

    private static void latency(String what, int count, Indexed call) {
        long[] latencies = new long[count];
        for (int n = 0; n < count; n++) {
            long from = System.nanoTime();
            call.run(n);
            latencies[n] = System.nanoTime() - from;
        }
        print(what, percentiles(latencies));
    }

    private static void parallel(int count, Indexed call) throws InterruptedException {
        var next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    call.run(n);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private interface Indexed {

        void run(int n);
    }

    private static String perSecond(int count, long begun) {
        return String.valueOf(Math.round(count / ((System.nanoTime() - begun) / 1e9)));
    }

    private static String percentiles(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms",
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
    }

    private static void print(String what, String figure) {
        System.out.println("| " + what + " | " + figure + " |");
    }

    private static double processorSeconds(RegistryProcess registry) throws IOException {
        String[] stat = Files.readString(Path.of("/proc/" + registry.pid() + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ");
        return (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / 100.0;
    }

    private String databaseSize() {
        var file = new File(directory.toFile(), "registry.mv.db");
        return TestDatabases.isPostgresql() ? "not a file of ours" : file.length() / 1_000_000 + " MB";
    }

    private static Configuration put(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "bench", new ConfigurationWrite("uid", 1L, spec));
    }
}
