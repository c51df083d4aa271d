package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.testing.RequiresApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Configurations made over REST, as the cluster shows them.
@RequiresApiServer
class MirrorsIT {

    private static final ConfigurationSpec SPEC = ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", "", null), 2);

    private static final String DEVICE = "scales-aaaaaaaaaa";

    private SchedulerStage stage;
    private String mirror;

    @BeforeEach
    void start() {
        stage = new SchedulerStage("mirrors-it");
        mirror = stage.petiole("configurations/scales");
    }

    @AfterEach
    void stop() {
        stage.registry.deleteOverRest(stage.key("scales"));
        eventually(
                () -> assertThat(stage.names(stage.petiole("configurations"))).isEmpty());
        stage.close();
    }

    @Test
    void oneIsShownWithItsStatusAndGoesWithItsOriginal() {
        stage.registry.putOverRest(stage.key("scales"), "uid-1", SPEC);
        eventually(() -> {
            JsonObject shown = stage.get(mirror);
            assertThat(Json.number(shown, "spec", "capacity")).isEqualTo(2);
            assertThat(Json.texts(shown, "metadata", "labels")).containsEntry("petiole.dev/managed-by", "registry");
            assertThat(stage.condition("scales", "Accepted")).startsWith("True");
            assertThat(stage.condition("scales", "Discovering")).startsWith("True");
        });
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 2, Map.of());
        eventually(() -> assertThat(stage.names(stage.petiole("instances"))).containsExactly("scales-aaaaaaaaaa"));

        stage.registry.deleteOverRest(stage.key("scales"));

        eventually(() -> {
            assertThat(stage.names(stage.petiole("configurations"))).isEmpty();
            assertThat(stage.names(stage.petiole("instances"))).isEmpty();
        });
    }

    /// Whoever made it over REST may know nothing of the cluster, and looks there.
    @Test
    void aMissingNamespaceIsToldToTheRegistryUntilItIsThere() {
        var elsewhere = new ConfigurationKey(ConfigurationKey.PETIOLE, "mirrors-later", "scales");
        String namespace = "/api/v1/namespaces/mirrors-later";
        stage.registry.putOverRest(elsewhere, "uid-9", SPEC);

        eventually(() -> assertThat(fault(elsewhere)).isNotNull().satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo("NamespaceNotFound");
            assertThat(fault.message()).contains("mirrors-later").contains("remedy");
        }));

        stage.kubectl.apply(namespace, "{apiVersion: v1, kind: Namespace, metadata: {name: mirrors-later}}");
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(fault(elsewhere)).isNull();
            assertThat(stage.names("/apis/petiole.dev/v1alpha1/namespaces/mirrors-later/configurations"))
                    .containsExactly("scales");
        });
        stage.registry.deleteOverRest(elsewhere);
    }

    private @Nullable MirrorFault fault(ConfigurationKey key) {
        return Objects.requireNonNull(stage.registry.find(key)).status().mirrorFault();
    }

    @Test
    void anEditIsUndone() {
        stage.registry.putOverRest(stage.key("scales"), "uid-1", SPEC);
        eventually(() ->
                assertThat(Json.number(stage.get(mirror), "spec", "capacity")).isEqualTo(2));

        stage.kubectl.patch(mirror, "{\"spec\": {\"capacity\": 9}}");

        eventually(() ->
                assertThat(Json.number(stage.get(mirror), "spec", "capacity")).isEqualTo(2));
        stage.kubectl.delete(mirror);
        eventually(() ->
                assertThat(Json.number(stage.get(mirror), "spec", "capacity")).isEqualTo(2));
    }

    /// Invariant 5.
    @Test
    void aRegistryThatLostItsDatabaseGetsThemBackAndNoInstanceGoes() {
        stage.registry.putOverRest(stage.key("scales"), "uid-1", SPEC);
        eventually(() -> assertThat(stage.condition("scales", "Accepted")).startsWith("True"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 2, Map.of());
        eventually(() -> assertThat(stage.names(stage.petiole("instances"))).hasSize(1));
        Set<String> before = stage.uids(stage.petiole("instances"), stage.petiole("configurations"));

        stage.registry.answerFrom(List.of());
        stage.registry.loseAll();

        eventually(() -> assertThat(stage.registry.find(stage.key("scales"))).isNotNull());
        eventually(() -> assertThat(stage.condition("scales", "Discovering")).startsWith("False NoNode"));
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 2, Map.of());
        stage.answerFromAllNodes();
        eventually(() -> assertThat(stage.condition("scales", "Discovering")).startsWith("True"));
        assertThat(stage.uids(stage.petiole("instances"), stage.petiole("configurations")))
                .isEqualTo(before);
    }

    /// Invariant 5: what a person decided is not lost with the database.
    @Test
    void anApprovalThatTheRegistryHasForgottenIsGivenBack() {
        stage.registry.putOverRest(stage.key("scales"), "uid-1", SPEC);
        eventually(() -> assertThat(stage.condition("scales", "Accepted")).startsWith("True"));
        putDecided(Admission.APPROVED, "before-1");
        eventually(() -> assertThat(stage.names(stage.petiole("instances"))).hasSize(1));
        Set<String> before = stage.uids(stage.petiole("instances"));

        putDecided(Admission.PENDING, "after-1");

        eventually(() -> assertThat(Objects.requireNonNull(stage.registry.findDevice(DEVICE))
                        .admission())
                .isEqualTo(Admission.APPROVED));
        assertThat(stage.uids(stage.petiole("instances"))).isEqualTo(before);
    }

    /// In the same database it is a person who took it back.
    @Test
    void anApprovalThatIsTakenBackTakesTheInstance() {
        stage.registry.putOverRest(stage.key("scales"), "uid-1", SPEC);
        eventually(() -> assertThat(stage.condition("scales", "Accepted")).startsWith("True"));
        putDecided(Admission.APPROVED, "same-1");
        eventually(() -> assertThat(stage.names(stage.petiole("instances"))).hasSize(1));

        putDecided(Admission.PENDING, "same-2");

        eventually(() -> assertThat(stage.names(stage.petiole("instances"))).isEmpty());
    }

    private void putDecided(Admission admission, String version) {
        if (stage.registry.findDevice(DEVICE) == null) {
            stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 2, Map.of());
        }
        var device = Objects.requireNonNull(stage.registry.findDevice(DEVICE));
        stage.registry.put(FakeRegistry.admitted(device, admission, version));
    }
}
