package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// Two schedulers in processes of their own, of which one leads. The one that leads can be killed in the middle of
/// whatever it does, without a chance to say goodbye; a new one takes its place as the one that waits.
final class Rivals implements AutoCloseable {

    private static final String NAME = "petiole-rivals";
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/default/leases/" + NAME;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Kubectl kubectl = TestCluster.get().kubectl();
    private final Map<String, Process> running = new ConcurrentHashMap<>();
    private final String name;
    private final URI registry;
    private int started;

    /// @param name tells these from others
    Rivals(String name, URI registry) {
        this.name = name;
        this.registry = registry;
        kubectl.delete(LEASE);
        start();
        start();
    }

    /// Once the other one is there to take over.
    ///
    /// @param moment how long it may go on, once it is seen to lead
    void killLeader(Duration moment) {
        running.keySet().forEach(Rivals::awaitStarted);
        String leader = awaitLeader();
        LockSupport.parkNanos(moment.toNanos());
        Process process = running.remove(leader);
        process.destroyForcibly();
        try {
            assertThat(process.waitFor()).as("ended by SIGKILL").isEqualTo(128 + 9);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        start();
    }

    private static void awaitStarted(String identity) {
        Awaitility.await(identity + " is started")
                .atMost(LIMIT)
                .until(() -> Files.readString(Path.of("target", identity + ".log"))
                        .contains("Started BrokerSchedulerApplication"));
    }

    private String awaitLeader() {
        return Awaitility.await("a leader")
                .atMost(LIMIT)
                .until(() -> Json.text(kubectl.get(LEASE).body(), "spec", "holderIdentity"), running::containsKey);
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
        running.values().forEach(process -> process.onExit().join());
        running.clear();
        kubectl.delete(LEASE);
    }

    private void start() {
        String identity = name + "-" + started++;
        try {
            running.put(
                    identity,
                    SchedulerProcess.start(
                            registry,
                            identity + ".log",
                            "256m",
                            "--management.server.port=0",
                            "--petiole.leader-election.enabled=true",
                            "--petiole.leader-election.lease=" + NAME,
                            "--petiole.leader-election.identity=" + identity,
                            "--petiole.leader-election.duration=4s",
                            "--petiole.leader-election.renew-every=500ms"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
