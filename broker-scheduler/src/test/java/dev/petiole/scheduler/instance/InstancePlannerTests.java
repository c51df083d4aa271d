package dev.petiole.scheduler.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.instance.InstancePlanner.InstancePlan;
import dev.petiole.scheduler.instance.InstancePlanner.Situation;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.node.NodeState;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.workload.Removal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class InstancePlannerTests {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String NAME = "scales-aaaaaaaaaa";
    private static final ConfigurationKey KEY = ConfigurationKey.of("shop", "scales");
    private static final JsonObject OBJECT = JsonParser.parseString("""
            {"metadata": {"namespace": "shop", "name": "scales", "uid": "uid", "generation": 2},
             "spec": {"brokerProperties": {"MODE": "fast", "URL": "overlaid"}}}
            """).getAsJsonObject();
    private static final JsonObject INSTANCE = JsonParser.parseString("""
            {"apiVersion": "petiole.dev/v1alpha1", "kind": "Instance",
             "metadata": {"namespace": "shop", "name": "scales-aaaaaaaaaa", "uid": "u1"},
             "spec": {"nodes": ["node1", "node2"]}}
            """).getAsJsonObject();
    private static final Map<String, NodeState> NODES = Map.of(
            "node1", new NodeState("node1", true, true, Map.of("zone", "yard")),
            "node2", new NodeState("node2", true, true, Map.of("zone", "yard")));

    @ParameterizedTest
    @EnumSource(value = Presence.class, names = "OFFLINE", mode = Mode.EXCLUDE)
    void aDeviceThatMayStillBeThereHasAnInstance(Presence presence) {
        InstancePlan plan = plan(known(), List.of(device(presence, Admission.APPROVED)), List.of(INSTANCE));

        assertThat(plan.wanted()).hasSize(1);
        assertThat(plan.exposed()).hasSize(1);
        assertThat(plan.removals()).isEmpty();
    }

    @Test
    void anOfflineDeviceLosesItsInstance() {
        InstancePlan plan = plan(known(), List.of(device(Presence.OFFLINE, Admission.APPROVED)), List.of(INSTANCE));

        assertThat(plan.wanted()).isEmpty();
        assertThat(plan.removals())
                .extracting(Removal::uid, Removal::reason)
                .containsExactly(tuple("u1", Reason.OFFLINE));
    }

    @ParameterizedTest
    @EnumSource(value = Admission.class, names = "APPROVED", mode = Mode.EXCLUDE)
    void aDeviceThatMayNotBeUsedLosesItsInstance(Admission admission) {
        InstancePlan plan = plan(known(), List.of(device(Presence.ONLINE, admission)), List.of(INSTANCE));

        assertThat(plan.removals()).extracting(Removal::reason).containsExactly(Reason.WITHDRAWN);
    }

    @Test
    void theInstanceTellsWhoSeesTheDeviceAndWhatItsUsersGet() {
        InstancePlan plan = plan(known(), List.of(device(Presence.ONLINE, Admission.APPROVED)), List.of());

        assertThat(plan.wanted().getFirst()).isEqualTo(JsonParser.parseString("""
                {"apiVersion": "petiole.dev/v1alpha1", "kind": "Instance",
                 "metadata": {"namespace": "shop", "name": "scales-aaaaaaaaaa", "labels": {
                   "app.kubernetes.io/managed-by": "petiole", "petiole.dev/configuration": "scales"}},
                 "spec": {"configurationName": "scales", "capacity": 2, "shared": true, "nodes": ["node1", "node2"],
                   "brokerProperties": {"ID": "7", "MODE": "fast", "URL": "overlaid"}}}
                """));
    }

    @Test
    void devicesOfADeletedNamesakeAreNoConcern() {
        Configuration other =
                new Configuration(KEY, "another", 2, ManagedBy.KUBERNETES, known().spec(), known().status(), "1");

        assertThat(plan(other, List.of(device(Presence.ONLINE, Admission.APPROVED)), List.of())
                        .wanted())
                .isEmpty();
    }

    /// Invariant 5: a registry that was rebuilt has not heard of the device yet.
    @Test
    void anUnrecordedDeviceKeepsItsInstanceUntilAllItsNodesHaveAnswered() {
        assertThat(plan(known(), List.of(), List.of(INSTANCE)).retained()).containsExactly(NAME);
        assertThat(plan(known(running("node1", 2)), List.of(), List.of(INSTANCE))
                        .retained())
                .containsExactly(NAME);
        assertThat(plan(known(running("node1", 2), running("node2", 1)), List.of(), List.of(INSTANCE))
                        .retained())
                .containsExactly(NAME);
        assertThat(plan(known(running("node1", 2), waiting("node2")), List.of(), List.of(INSTANCE))
                        .retained())
                .containsExactly(NAME);
    }

    @Test
    void anUnrecordedDeviceIsDoubtedWhenAllItsNodesHaveAnswered() {
        InstancePlan plan = plan(known(running("node1", 2), running("node2", 2)), List.of(), List.of(INSTANCE));

        assertThat(plan.retained()).isEmpty();
        assertThat(plan.doubtful()).containsExactly(INSTANCE);
    }

    /// Invariant 4: nothing is left behind, even when a node that saw it is gone for ever.
    @Test
    void aNodeThatIsGoneNeedNotAnswer() {
        var nodes = Map.of("node1", new NodeState("node1", true, true, Map.of()));
        InstancePlan plan = InstancePlanner.plan(
                Dialect.PETIOLE,
                new Situation(OBJECT, known(running("node1", 2)), List.of(), List.of(INSTANCE), nodes));

        assertThat(plan.doubtful()).containsExactly(INSTANCE);
    }

    /// Invariant 5: what a person decided is mirrored in the Instance. In the same database it is a person who took it
    /// back.
    @Test
    void anApprovalThatWasForgottenIsGivenBackAndOneThatWasTakenBackIsNot() {
        Device pending = device(Presence.ONLINE, Admission.PENDING);
        JsonObject instance = plan(
                        known(), List.of(FakeRegistry.admitted(pending, Admission.APPROVED, "old-1")), List.of())
                .wanted()
                .getFirst();

        InstancePlan elsewhere =
                plan(known(), List.of(FakeRegistry.admitted(pending, Admission.PENDING, "new-1")), List.of(instance));
        InstancePlan takenBack =
                plan(known(), List.of(FakeRegistry.admitted(pending, Admission.PENDING, "old-2")), List.of(instance));

        assertThat(elsewhere.approved()).hasSize(1);
        assertThat(elsewhere.retained()).containsExactly(NAME);
        assertThat(elsewhere.removals()).isEmpty();
        assertThat(takenBack.approved()).isEmpty();
        assertThat(takenBack.removals()).extracting(Removal::reason).containsExactly(Reason.WITHDRAWN);
    }

    @Test
    void theStatusShowsPresenceNodesAndSlots() {
        Device device = device(Presence.MISSING, Admission.APPROVED);
        JsonObject status =
                InstanceStatus.of(INSTANCE, device, List.of("broker"), List.of(InstanceStatus.available(device)), NOW);

        assertThat(Json.text(status, "presence")).isEqualTo("Missing");
        assertThat(Json.objects(status, "nodes")).hasSize(2);
        assertThat(Json.objects(status, "conditions").getFirst().get("reason").getAsString())
                .isEqualTo(Reason.MISSING);
    }

    private static InstancePlan plan(Configuration known, List<Device> devices, List<JsonObject> instances) {
        return InstancePlanner.plan(Dialect.PETIOLE, new Situation(OBJECT, known, devices, instances, NODES));
    }

    private static Configuration known(NodeDiscovery... answers) {
        return new Configuration(
                KEY,
                "uid",
                2,
                ManagedBy.KUBERNETES,
                ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", null, null), 2),
                new ConfigurationStatus(List.of(answers), DeviceCounts.NONE),
                "1");
    }

    private static NodeDiscovery running(String node, long generation) {
        return new NodeDiscovery(node, DiscoveryState.RUNNING, null, null, generation, 0);
    }

    private static NodeDiscovery waiting(String node) {
        return new NodeDiscovery(node, DiscoveryState.WAITING, "HandlerNotFound", null, 2, 0);
    }

    private static Device device(Presence presence, Admission admission) {
        return new Device(
                NAME,
                KEY,
                "uid",
                "opcua",
                "identity",
                true,
                2,
                Map.of("URL", "opc.tcp://scale", "ID", "7"),
                admission,
                presence,
                NOW,
                List.of(new NodePresence("node1", presence, NOW), new NodePresence("node2", presence, NOW)),
                List.of(),
                "1");
    }
}
