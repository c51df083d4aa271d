package dev.petiole.registry.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.Recovery;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Slot;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import dev.petiole.registry.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Invariant 5: a registry that lost its database is rebuilt from the edge, and meanwhile nobody is given what
/// another may hold, and nothing is called absent.
class RecoveryIT {

    private static final ConfigurationSpec SPEC =
            ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);

    @TempDir
    private Path directory;

    @Test
    void noSlotIsGrantedThatANodeMayHoldWhoHasNotBeenHeard() {
        try (var registry = start()) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, true);
            assertThat(configuration.status().recovery())
                    .as("it does not know the nodes yet")
                    .isEqualTo(new Recovery(List.of()));
            FakeAgent one = FakeAgent.begin(client, "n1");
            one.sees(configuration, "a");
            one.uses();
            assertThatRefused(() -> one.claim(device(client), "id-1"), "the broker-scheduler has yet to tell");

            tell(client, Map.of("n1", offering(false), "n2", offering(false)));
            assertThat(recovery(client)).isEqualTo(new Recovery(List.of("n2")));
            assertThatRefused(() -> one.claim(device(client), "id-1"), "n2");

            FakeAgent two = FakeAgent.begin(client, "n2");
            two.uses(FakeAgent.use(device(client), "id-9", "broker"));
            assertThat(recovery(client))
                    .as("it has told what it uses, but not what it sees")
                    .isEqualTo(new Recovery(List.of("n2")));
            assertThatExceptionOfType(RegistryProblem.class)
                    .isThrownBy(() -> one.claim(device(client), "id-1"))
                    .matches(problem -> problem.type().equals("no-free-slot"));

            two.sees(configuration, "a");
            assertThat(recovery(client)).isNull();
            assertThat(device(client).slots()).extracting(Slot::node).containsExactly("n2");
        }
    }

    @Test
    void aNodeThatIsFencedOrGoneIsNotWaitedFor() {
        try (var registry = start()) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, true);
            FakeAgent one = FakeAgent.begin(client, "n1");
            one.sees(configuration, "a");
            one.uses();
            tell(client, Map.of("n1", offering(false), "n2", offering(false), "n3", offering(false)));
            assertThat(recovery(client)).isEqualTo(new Recovery(List.of("n2", "n3")));

            tell(client, Map.of("n1", offering(false), "n2", offering(true)));

            assertThat(recovery(client)).isNull();
            assertThat(one.claim(device(client), "id-1").node()).isEqualTo("n1");
        }
    }

    /// A cluster in which nothing has ever been exposed has nothing to recover: it need not wait for anybody.
    @Test
    void aFreshInstallWaitsForNobody() {
        try (var registry = start()) {
            RegistryClient client = registry.client();
            tell(client, Map.of("n1", new NodeFacts("u", "b", Map.of(), true, false), "n2", offering(true)));
            Configuration configuration = put(client, false);
            assertThat(configuration.status().recovery()).isNull();

            FakeAgent one = FakeAgent.begin(client, "n1");
            one.sees(configuration, "a");

            assertThat(one.claim(device(client), "id-1").node()).isEqualTo("n1");
        }
    }

    /// A restart is not a loss.
    @Test
    void whatIsKnownStaysKnown() {
        FakeAgent one;
        try (var registry = start()) {
            RegistryClient client = registry.client();
            tell(client, Map.of("n1", offering(false)));
            one = FakeAgent.begin(client, "n1");
            one.uses();
            one.sees(put(client, true), "a");
        }
        try (var registry = start()) {
            RegistryClient client = registry.client();
            assertThat(recovery(client)).isNull();
            assertThat(FakeAgent.begin(client, "n1")
                            .claim(device(client), "id-1")
                            .node())
                    .isEqualTo("n1");
        }
    }

    @Test
    void aDeletedDatabaseIsANewEpochThatRecovers() {
        String before;
        try (var registry = start()) {
            RegistryClient client = registry.client();
            tell(client, Map.of("n1", offering(false)));
            before = put(client, false).resourceVersion();
        }
        TestDatabases.delete(directory);
        try (var registry = start()) {
            Configuration after = put(registry.client(), true);
            assertThat(epoch(after.resourceVersion())).isNotEqualTo(epoch(before));
            assertThat(after.status().recovery()).isNotNull();
        }
    }

    private RunningRegistry start() {
        return RunningRegistry.start(directory, "petiole.recovery.enabled=true");
    }

    private static String epoch(String resourceVersion) {
        return resourceVersion.substring(0, resourceVersion.indexOf('-'));
    }

    private static void assertThatRefused(Runnable claim, String why) {
        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(claim::run)
                .matches(problem -> problem.type().equals("recovering"))
                .withMessageContaining(why);
    }

    private static NodeFacts offering(boolean isOutOfService) {
        return new NodeFacts("uid", "boot", Map.of(), !isOutOfService, isOutOfService, true);
    }

    private static void tell(RegistryClient client, Map<String, NodeFacts> nodes) {
        client.nodes().putCluster(new ClusterFacts("cluster", nodes));
    }

    private static Configuration put(RegistryClient client, boolean isExposed) {
        return client.configurations()
                .put(
                        ConfigurationKey.PETIOLE,
                        "default",
                        "scales",
                        new ConfigurationWrite("uid", 1L, null, SPEC, isExposed));
    }

    private static @Nullable Recovery recovery(RegistryClient client) {
        return client.configurations()
                .get(ConfigurationKey.PETIOLE, "default", "scales")
                .status()
                .recovery();
    }

    private static Device device(RegistryClient client) {
        return client.devices().list(null, null, null, null, null, null).items().getFirst();
    }
}
