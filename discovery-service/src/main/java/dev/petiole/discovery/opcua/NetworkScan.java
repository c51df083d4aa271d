package dev.petiole.discovery.opcua;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Sweeps addresses for open ports, gently: at most 100 a second and 32 at a time.
final class NetworkScan implements UrlSource {

    private static final Duration PACE = Duration.ofMillis(10);
    private static final int AT_A_TIME = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final OpcUaQuery.Scan scan;

    NetworkScan(OpcUaQuery.Scan scan) {
        this.scan = scan;
    }

    @Override
    public void run(Consumer<Find> finds) throws InterruptedException {
        Set<DiscoveryUrl> before = Set.of();
        for (boolean isFirst = true; ; isFirst = false) {
            Set<DiscoveryUrl> found = sweep();
            if (isFirst || !found.equals(before)) {
                finds.accept(new Find(found, Set.of(), List.of()));
                before = found;
            }
            pause(scan.interval());
        }
    }

    private Set<DiscoveryUrl> sweep() throws InterruptedException {
        Set<DiscoveryUrl> found = ConcurrentHashMap.newKeySet();
        var turns = new Semaphore(AT_A_TIME);
        try {
            for (InetAddress address : scan.addresses()) {
                for (int port : scan.ports()) {
                    turns.acquire();
                    Thread.ofVirtual().name("discovery-opcua-scan").start(() -> {
                        try {
                            if (isOpen(address, port)) {
                                found.add(DiscoveryUrl.at(address, port, "/"));
                            }
                        } finally {
                            turns.release();
                        }
                    });
                    pause(PACE);
                }
            }
        } finally {
            // Each takes no longer than its patience.
            turns.acquireUninterruptibly(AT_A_TIME);
        }
        return Set.copyOf(found);
    }

    private static boolean isOpen(InetAddress address, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void pause(Duration duration) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
