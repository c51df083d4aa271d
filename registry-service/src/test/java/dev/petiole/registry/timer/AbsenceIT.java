package dev.petiole.registry.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Invariants 2 and 3: while the registry is away, no lease and no grace period runs.
class AbsenceIT {

    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(4);

    @TempDir
    private Path directory;

    @Test
    void afterARestartEveryPeriodBeginsAnewInFull() {
        FakeAgent agent;
        try (var registry = start()) {
            Configuration configuration = put(registry.client());
            agent = FakeAgent.begin(registry.client(), "n1");
            agent.sees(configuration, "stays", "leaves");
            agent.sees(configuration, "stays");
        }
        // The absence itself is what is tested: longer than the lease and the grace period.
        LockSupport.parkNanos(LEASE.plusSeconds(1).toNanos());

        try (var registry = start()) {
            RegistryClient client = registry.client();
            assertThat(client.nodes().get("n1").lease()).isEqualTo(LeaseState.ACTIVE);
            assertThat(presences(client)).isEqualTo(Map.of("stays", Presence.ONLINE, "leaves", Presence.MISSING));

            // Control: now that it is there, both periods do end.
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            presences(client).equals(Map.of("stays", Presence.UNKNOWN, "leaves", Presence.OFFLINE)));
        }
    }

    private RunningRegistry start() {
        return RunningRegistry.start(directory, "petiole.lease.duration=" + LEASE, "petiole.lease.renew-every=1s");
    }

    private static Map<String, Presence> presences(RegistryClient client) {
        return client.devices().list(null, null, null, null, null, null).items().stream()
                .collect(Collectors.toMap(Device::identity, Device::presence));
    }

    private static Configuration put(RegistryClient client) {
        var spec = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null), 1, null, null, null, null, GRACE, null, null, null);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
