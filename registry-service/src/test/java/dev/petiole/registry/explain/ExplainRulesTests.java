package dev.petiole.registry.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Slot;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.DeviceRecord.Origin;
import dev.petiole.registry.explain.ExplainRules.Situation;
import dev.petiole.registry.node.NodeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What an operator is told.
class ExplainRulesTests {

    private static final ConfigurationKey KEY = ConfigurationKey.of("shop", "scales");
    private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void whoSeesItAndWhatCanBeHad() {
        DeviceRecord device = seen(Admission.APPROVED);

        assertThat(ExplainRules.summary(device)).isEqualTo("It is online on node n1. 2 of 2 slots can be had.");
        assertThat(told(device, AdmissionMode.AUTOMATIC))
                .containsExactly(
                        "Listed: Handler opcua of node n1 lists it.",
                        "AdmittedAutomatically: The Configuration admitted it when it was found, without anybody's "
                                + "decision.",
                        "Exposed: Kubernetes shows it as Instance shop/" + device.name()
                                + "; new users are taken on node n1.");
    }

    @Test
    void untilWhenItsGracePeriodRuns() {
        DeviceRecord device = seen(Admission.APPROVED).missedBy("n1", T0);

        assertThat(ExplainRules.summary(device)).contains("missing").contains("Nothing new is granted");
        assertThat(told(device, AdmissionMode.AUTOMATIC).getFirst())
                .startsWith("GracePeriod: Handler opcua of node n1 no longer lists it. The grace period of 10.0 s runs "
                        + "until 2026-01-02T03:04:15Z");
    }

    @Test
    void whichLeaseHasLapsedAndWhatKubernetesSaysOfTheNode() {
        DeviceRecord device = seen(Admission.APPROVED).unknownTo("n1", T0);

        assertThat(told(device, AdmissionMode.AUTOMATIC).getFirst())
                .isEqualTo(
                        "LeaseExpired: Node n1 listed it and then fell silent: its lease has lapsed. Kubernetes says "
                                + "that the node is not ready. Its users stay.");
    }

    @Test
    void whatItWaitsFor() {
        DeviceRecord device = seen(Admission.PENDING);

        assertThat(told(device, AdmissionMode.MANUAL))
                .contains(
                        "WaitsForDecision: The Configuration wants every new device to be approved.",
                        "NotAdmitted: Kubernetes shows no Instance of it, since it is not approved.");
    }

    @Test
    void whoHoldsItsSlots() {
        var slot = new Slot(0, "n1", "shop.petiole.dev/scales", "id", "shop", "reader", "main", T0);
        var lost = new Slot(1, "n9", "shop.petiole.dev/scales", "id", null, null, null, T0);
        DeviceRecord device = seen(Admission.APPROVED).withSlots(List.of(slot, lost));

        assertThat(told(device, AdmissionMode.AUTOMATIC))
                .contains(
                        "SlotHeld: Slot 0 is held on node n1 by container main of Pod shop/reader, as "
                                + "shop.petiole.dev/scales. The node is silent, so the slot is kept until the node says "
                                + "that it is free, or is proved to be gone.",
                        "NoFreeSlot: 2 slots are held, of 2. Nobody else is granted one until one is released.");
    }

    @Test
    void howLongAnOfflineDeviceIsRemembered() {
        DeviceRecord device = seen(Admission.APPROVED).missedBy("n1", T0).afterGrace(_ -> true, T0);

        assertThat(told(device, AdmissionMode.AUTOMATIC).getFirst())
                .isEqualTo("NotListed: No node has listed it since then. Its record is kept until "
                        + "2026-01-03T03:04:05Z at least.");
    }

    @Test
    void thatDiscoveryItselfIsInTrouble() {
        assertThat(told(seen(Admission.APPROVED), AdmissionMode.AUTOMATIC, "n2 can't reach it."))
                .contains("EndpointUnreachable: Discovery on node n2 does not run as it should: n2 can't reach it.");
    }

    private static List<String> told(DeviceRecord device, AdmissionMode mode) {
        return told(device, mode, null);
    }

    private static List<String> told(DeviceRecord device, AdmissionMode mode, @Nullable String trouble) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", "", null), 2)
                .withAdmission(mode, null);
        List<NodeDiscovery> discoveries = trouble == null
                ? List.of()
                : List.of(new NodeDiscovery("n2", DiscoveryState.DEGRADED, "EndpointUnreachable", trouble, 1, 0));
        var configuration = new ConfigurationRecord(
                KEY, "uid", 1, ManagedBy.KUBERNETES, Map.of(), spec, discoveries, DeviceCounts.NONE, null, null, null);
        var facts = new NodeFacts("uid", "boot", Map.of(), false, false);
        var node = new NodeRecord("n1", facts, LeaseState.EXPIRED, List.of());
        return ExplainRules.reasons(new Situation(device, configuration, Map.of("n1", node), Duration.ofDays(1)))
                .stream()
                .map(reason -> reason.code() + ": " + reason.message())
                .toList();
    }

    private static DeviceRecord seen(Admission admission) {
        return DeviceRecord.of(new Origin(KEY, "uid", "opcua", "identity", null), 2, admission, T0)
                .seenBy("n1", Map.of(), T0);
    }
}
