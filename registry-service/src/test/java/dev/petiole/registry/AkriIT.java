package dev.petiole.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The group `akri.sh`: Akri's names, which ignore namespaces, and the holders that Akri knew.
class AkriIT {

    private static final String NAME = "akri-debug-echo-foo";
    private static final String FOO0 = NAME + "-8120fe";

    @TempDir
    private Path directory;

    private RunningRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() {
        registry = RunningRegistry.start(directory);
        client = registry.client();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void devicesHaveAkrisNames() {
        Configuration configuration = put("shop");
        FakeAgent.begin(client, "n1").sees(configuration, "foo0", "foo1");

        assertThat(client.devices()
                        .list("akri.sh", "shop", NAME, null, null, null)
                        .items())
                .extracting(Device::name)
                .containsExactly(FOO0, NAME + "-a19705");
    }

    @Test
    void aNameIsHadOnlyOnceInTheCluster() {
        put("shop");

        assertThatThrownBy(() -> put("yard")).isInstanceOfSatisfying(RegistryProblem.class, problem -> {
            assertThat(problem.type()).isEqualTo("name-taken");
            assertThat(problem).hasMessageContaining("namespace shop");
        });

        client.configurations().delete("akri.sh", "shop", NAME, "uid-of-shop", null);
        put("yard");
    }

    /// The cluster could not show it, nor give it back to a registry that lost its database.
    @Test
    void whatAkrisResourceHasNoFieldForIsRefused() {
        var spec = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", null, null),
                1,
                Map.of("brokerDeploymentSpec", Map.of()),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        assertRefused(spec, "brokerDeploymentSpec");
        assertRefused(
                new ConfigurationSpec(
                        new DiscoveryHandlerSpec("debugEcho", null, null),
                        1,
                        null,
                        null,
                        null,
                        null,
                        Duration.ofSeconds(3),
                        null,
                        null,
                        null),
                "gracePeriod");
        assertRefused(
                ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", null, null), 1)
                        .withAdmission(ConfigurationSpec.AdmissionMode.MANUAL, null),
                "admission");
    }

    private void assertRefused(ConfigurationSpec spec, String field) {
        assertThatThrownBy(() ->
                        client.configurations().put("akri.sh", "shop", NAME, new ConfigurationWrite(null, null, spec)))
                .isInstanceOfSatisfying(
                        RegistryProblem.class,
                        problem -> assertThat(problem.status()).isEqualTo(400))
                .hasMessageContaining(field);
    }

    /// Else a Pod's device would be handed to another Pod under the very same resource.
    @Test
    void aNameIsTakenWhileAPodHoldsADeviceOfTheRemovedConfiguration() {
        FakeAgent agent = FakeAgent.begin(client, "n1");
        agent.sees(put("shop"), "foo0");
        agent.claim(client.devices().get("akri.sh", "shop", FOO0), "id");
        client.configurations().delete("akri.sh", "shop", NAME, "uid-of-shop", null);

        assertThatThrownBy(() -> put("yard")).hasMessageContaining("until the last Pod gives back");

        agent.uses();
        put("yard");
    }

    @Test
    void holdersThatAkriKnewKeepTheirSlots() {
        recall(new HeldSlot(FOO0, 1, "n1", "akri.sh/" + FOO0, FOO0 + "-1"));
        recall(new HeldSlot(FOO0, 1, "n1", "akri.sh/" + FOO0, FOO0 + "-1"));
        FakeAgent agent = FakeAgent.begin(client, "n1");
        agent.uses();
        agent.sees(put("shop"), "foo0");

        Device device = client.devices().get("akri.sh", "shop", FOO0);
        assertThat(device.slots()).extracting(Slot::index, Slot::node).containsExactly(tuple(1, "n1"));
        assertThat(agent.claim(device, "another").index()).isZero();
        assertThatThrownBy(() -> agent.claim(device, "third"))
                .isInstanceOfSatisfying(
                        RegistryProblem.class,
                        problem -> assertThat(problem.type()).isEqualTo("no-free-slot"));
    }

    private void recall(HeldSlot slot) {
        client.holders().recall("akri.sh", "shop", NAME, new HeldSlots(List.of(slot)));
    }

    private Configuration put(String namespace) {
        var key = new ConfigurationKey("akri.sh", namespace, NAME);
        var spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", null, null), 2);
        return client.configurations()
                .put(key.group(), key.namespace(), key.name(), new ConfigurationWrite("uid-of-" + namespace, 1L, spec));
    }
}
