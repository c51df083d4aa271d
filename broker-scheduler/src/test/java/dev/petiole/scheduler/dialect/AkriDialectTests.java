package dev.petiole.scheduler.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.dialect.Dialect.Child;
import dev.petiole.scheduler.kubernetes.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The facts of Akri's own code: names, labels, fields and the grammar of `deviceUsage`.
class AkriDialectTests {

    private static final String CONFIGURATION = "akri-debug-echo-foo";
    private static final String DEVICE = CONFIGURATION + "-8120fe";

    private final Dialect akri = Dialect.AKRI;

    @Test
    void resourcesHaveNoNamespace() {
        assertThat(akri.resource("shop", DEVICE)).isEqualTo("akri.sh/akri-debug-echo-foo-8120fe");
    }

    @Test
    void brokersOfSharedDevicesAreNamedAfterTheNodeAndThoseOfLocalOnesAreNot() {
        assertThat(akri.podName(device("a.b", "a.b-8120fe", true), "node-a")).isEqualTo("node-a-a-b-8120fe-pod");
        assertThat(akri.podName(device("a.b", "a.b-8120fe", false), "node-a")).isEqualTo("a.b-8120fe-pod");
        assertThat(akri.deviceOfPod("a.b", "node-a-a-b-8120fe-pod")).isEqualTo("a.b-8120fe");
        assertThat(akri.deviceOfPod("a.b", "a.b-8120fe-pod")).isEqualTo("a.b-8120fe");
        assertThat(akri.deviceOfPod("a.b", "something-else")).isEmpty();
    }

    @Test
    void jobsAndServicesAreNamedAsByAkri() {
        assertThat(akri.jobName(DEVICE, 3)).isEqualTo(DEVICE + "-3-job");
        assertThat(akri.serviceName("onvif.hall")).isEqualTo("onvif-hall-svc");
    }

    @Test
    void labelsAreThoseOfAkri() {
        assertThat(akri.labels(new Child(Resource.POD, DEVICE + "-pod", CONFIGURATION, DEVICE)))
                .isEqualTo(Map.of(
                        "app",
                        DEVICE + "-pod",
                        "controller",
                        "akri.sh",
                        "akri.sh/configuration",
                        CONFIGURATION,
                        "akri.sh/instance",
                        DEVICE));
        assertThat(akri.labels(new Child(Resource.SERVICE, DEVICE + "-svc", CONFIGURATION, DEVICE)))
                .isEqualTo(Map.of("app", DEVICE + "-svc", "controller", "akri.sh", "akri.sh/instance", DEVICE));
        assertThat(akri.labels(new Child(Resource.SERVICE, CONFIGURATION + "-svc", CONFIGURATION, null)))
                .isEqualTo(Map.of(
                        "app",
                        CONFIGURATION + "-svc",
                        "controller",
                        "akri.sh",
                        "akri.sh/configuration",
                        CONFIGURATION));
        assertThat(akri.podTemplateLabels(CONFIGURATION, DEVICE))
                .isEqualTo(Map.of("akri.sh/configuration", CONFIGURATION, "akri.sh/instance", DEVICE));
        assertThat(akri.serviceSelector(CONFIGURATION, DEVICE))
                .isEqualTo(Map.of("controller", "akri.sh", "akri.sh/instance", DEVICE));
    }

    /// The Service of a device names only the device; Instances have no labels at all.
    @Test
    void theConfigurationIsToldByWhateverAnObjectHas() {
        assertThat(akri.configurationOf(json("{'spec': {'configurationName': 'a'}}")))
                .isEqualTo("a");
        assertThat(akri.configurationOf(json("{'metadata': {'labels': {'akri.sh/configuration': 'b'}}}")))
                .isEqualTo("b");
        assertThat(akri.configurationOf(json("{'metadata': {'labels': {'akri.sh/instance': 'a.b-8120fe'}}}")))
                .isEqualTo("a.b");
        assertThat(akri.configurationOf(json("{'metadata': {}}"))).isEmpty();
    }

    @Test
    void anInstanceTellsItsUsersAsAkriDoes() {
        Device device = device(
                CONFIGURATION,
                DEVICE,
                true,
                slot(0, "node-a", "akri.sh/" + DEVICE, DEVICE + "-0"),
                slot(1, "node-b", "akri.sh/" + CONFIGURATION, DEVICE + ".1"),
                slot(2, "node-b", "akri.sh/" + CONFIGURATION, CONFIGURATION + "-7"));

        assertThat(akri.instanceSpec(device)).isEqualTo(json("""
                {'cdiName': 'akri.sh/akri-debug-echo-foo=8120fe',
                 'deviceUsage': {
                   'akri-debug-echo-foo-8120fe-0': 'node-a',
                   'akri-debug-echo-foo-8120fe-1': 'C:akri-debug-echo-foo-8462590001:node-b',
                   'akri-debug-echo-foo-8120fe-2': 'C:akri-debug-echo-foo-7:node-b'}}
                """));
    }

    @Test
    void theUsersThatAkriTellsAreRecalled() {
        JsonObject instance = json("""
                {'metadata': {'name': 'akri-debug-echo-foo-8120fe'},
                 'spec': {'configurationName': 'akri-debug-echo-foo', 'deviceUsage': {
                   'akri-debug-echo-foo-8120fe-0': 'node-a',
                   'akri-debug-echo-foo-8120fe-1': '',
                   'akri-debug-echo-foo-8120fe-2': 'C:akri-debug-echo-foo-7:node-b',
                   'another-a19705-0': 'node-a'}}}
                """);

        assertThat(akri.heldSlots(instance))
                .containsExactly(
                        new HeldSlot(DEVICE, 0, "node-a", "akri.sh/" + DEVICE, DEVICE + "-0"),
                        new HeldSlot(DEVICE, 2, "node-b", "akri.sh/" + CONFIGURATION, CONFIGURATION + "-7"));
    }

    @Test
    void akrisFinalizersAreBareAndKubernetesOwnStay() {
        JsonObject object = json(
                "{'metadata': {'finalizers': ['node-a', 'edge.example.com', 'example.com/keep', 'foregroundDeletion', 'orphan']}}");

        assertThat(akri.formerFinalizers(object)).containsExactly("node-a", "edge.example.com");
        assertThat(Dialect.PETIOLE.formerFinalizers(object)).isEmpty();
    }

    @Test
    void akrisManagersAreThoseThatApplyAndTheOneWithoutAName() {
        assertThat(akri.isFormerOwner(owner("node-a", "Apply", ""))).isTrue();
        assertThat(akri.isFormerOwner(owner("dp-node-a", "Apply", ""))).isTrue();
        assertThat(akri.isFormerOwner(owner("unknown", "Update", ""))).isTrue();
        assertThat(akri.isFormerOwner(owner("petiole", "Apply", ""))).isFalse();
        assertThat(akri.isFormerOwner(owner("petiole", "Apply", "status"))).isFalse();
        assertThat(akri.isFormerOwner(owner("kubectl-label", "Update", ""))).isFalse();
    }

    /// What an agent of Akri's would own had it written the Instance.
    @Test
    void akriOwnsEachFieldThatItsManagersWrite() {
        JsonObject instance = json("""
                {'metadata': {'name': 'a-8120fe', 'ownerReferences': [{'uid': 'u'}]},
                 'spec': {'configurationName': 'a', 'nodes': ['node-a'], 'brokerProperties': {'K': 'v'},
                          'deviceUsage': {'a-8120fe-0': 'node-a'}}}
                """);

        assertThat(akri.formerOwnersFields(instance))
                .isEqualTo(Map.of(
                        "node-a", json("""
                        {'f:metadata': {'f:ownerReferences': {'k:{"uid":"u"}': {}}},
                         'f:spec': {'f:configurationName': {}, 'f:cdiName': {}, 'f:capacity': {}, 'f:shared': {},
                                    'f:brokerProperties': {'f:K': {}}, 'f:nodes': {'v:"node-a"': {}}}}
                        """),
                        "dp-node-a", json("{'f:spec': {'f:deviceUsage': {'f:a-8120fe-0': {}}}}")));
    }

    private static JsonObject owner(String manager, String operation, String subresource) {
        return json(
                "{'manager': '%s', 'operation': '%s', 'subresource': '%s'}".formatted(manager, operation, subresource));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static Slot slot(int index, String node, String resource, String id) {
        return new Slot(index, node, resource, id, null, null, null, Instant.EPOCH);
    }

    private static Device device(String configuration, String name, boolean isShared, Slot... slots) {
        return new Device(
                name,
                new ConfigurationKey("akri.sh", "shop", configuration),
                "uid",
                "debugEcho",
                "foo0",
                isShared,
                3,
                Map.of(),
                Device.Admission.APPROVED,
                Device.Presence.ONLINE,
                Instant.EPOCH,
                List.of(),
                List.of(slots),
                "1");
    }
}
