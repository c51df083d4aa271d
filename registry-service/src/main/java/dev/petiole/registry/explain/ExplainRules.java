package dev.petiole.registry.explain;

import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.DeviceExplanation.About;
import dev.petiole.api.device.DeviceExplanation.Reason;
import dev.petiole.api.device.Slot;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.device.AdmissionRules;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.Sighting;
import dev.petiole.registry.node.NodeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells what a device's state follows from. A function of what the registry knows; it names points in time, not how
/// long they are away.
final class ExplainRules {

    private final DeviceRecord device;
    private final ConfigurationRecord configuration;
    private final Map<String, NodeRecord> nodes;
    private final Duration retention;
    private final List<Reason> reasons = new ArrayList<>();

    private ExplainRules(Situation situation) {
        this.device = situation.device();
        this.configuration = situation.configuration();
        this.nodes = situation.nodes();
        this.retention = situation.retention();
    }

    /// What the registry knows that concerns a device.
    ///
    /// @param nodes those that see it or hold a slot of it, by name
    /// @param retention how long the record of an offline device is kept
    record Situation(
            DeviceRecord device,
            ConfigurationRecord configuration,
            Map<String, NodeRecord> nodes,
            Duration retention) {}

    static List<Reason> reasons(Situation situation) {
        var rules = new ExplainRules(situation);
        rules.presence();
        rules.discovery();
        rules.admission();
        rules.slots();
        rules.exposure();
        return rules.reasons;
    }

    /// @return one or two sentences
    static String summary(DeviceRecord device) {
        int free = Math.max(0, device.capacity() - device.slots().size());
        String presence = switch (device.presence()) {
            case ONLINE -> "It is online on " + names(device, Presence.ONLINE);
            case MISSING -> "It is missing: no handler lists it any more, and its grace period runs";
            case UNKNOWN ->
                "Nobody knows whether it is there: " + names(device, Presence.UNKNOWN) + " saw it and fell silent";
            case OFFLINE -> "It is offline: no node has listed it since " + device.presenceSince();
        };
        String use = switch (device.admission()) {
            case PENDING -> "It waits for approval, and nothing is granted until then.";
            case IGNORED -> "It is ignored, and nothing is granted.";
            case APPROVED ->
                device.presence() == Presence.ONLINE
                        ? free + " of " + device.capacity() + " slots can be had."
                        : "Nothing new is granted meanwhile.";
        };
        return presence + ". " + use;
    }

    private void presence() {
        if (device.sightings().isEmpty()) {
            String forgotten = device.admission() == Admission.IGNORED
                    ? "Its record is kept for ever, since it is ignored."
                    : "Its record is kept until " + device.presenceSince().plus(retention) + " at least.";
            add(
                    About.PRESENCE,
                    "NotListed",
                    "No node has listed it since then. " + forgotten,
                    device.presenceSince(),
                    null);
        }
        device.sightings().forEach(this::sighting);
    }

    private void sighting(Sighting sighting) {
        String node = sighting.node();
        switch (sighting.presence()) {
            case ONLINE ->
                add(
                        About.PRESENCE,
                        "Listed",
                        "Handler " + device.handler() + " of node " + node + " lists it.",
                        sighting.since(),
                        node);
            case MISSING -> {
                Duration grace = configuration.spec().gracePeriod();
                add(
                        About.PRESENCE,
                        "GracePeriod",
                        "Handler " + device.handler() + " of node " + node + " no longer lists it. The grace period of "
                                + grace.toMillis() / 1000.0 + " s runs until "
                                + sighting.since().plus(grace)
                                + " (later if the registry was away meanwhile); if it is listed again in time, nothing has"
                                + " happened.",
                        sighting.since(),
                        node);
            }
            case UNKNOWN ->
                add(
                        About.PRESENCE,
                        "LeaseExpired",
                        "Node " + node + " listed it and then fell silent: its lease has lapsed." + state(node)
                                + " Its users stay.",
                        sighting.since(),
                        node);
            case OFFLINE -> {
                // Such a sighting is none.
            }
        }
    }

    private String state(String node) {
        NodeRecord record = nodes.get(node);
        NodeFacts facts = record == null ? null : record.facts();
        if (facts == null) {
            return " Kubernetes has told nothing of the node.";
        }
        if (facts.outOfService()) {
            return " Kubernetes says that the node is out of service.";
        }
        return facts.ready()
                ? " Kubernetes says that the node is ready: look at its discovery service."
                : " Kubernetes says that the node is not ready.";
    }

    private void discovery() {
        for (NodeDiscovery discovery : configuration.discoveries()) {
            if (discovery.state() != DiscoveryState.RUNNING) {
                String message = discovery.message();
                add(
                        About.DISCOVERY,
                        discovery.reason() == null ? "NotRunning" : discovery.reason(),
                        "Discovery on node " + discovery.node() + " does not run as it should"
                                + (message == null ? "." : ": " + message),
                        null,
                        discovery.node());
            }
        }
    }

    private void admission() {
        Decision decision = device.decision();
        String why = decision == null || decision.why() == null ? "" : ": " + decision.why();
        switch (device.admission()) {
            case PENDING ->
                add(
                        About.ADMISSION,
                        "WaitsForDecision",
                        AdmissionRules.judge(configuration.spec(), device).why(),
                        null,
                        null);
            case APPROVED -> {
                if (decision == null) {
                    add(
                            About.ADMISSION,
                            "AdmittedAutomatically",
                            "The Configuration admitted it when it was found, without anybody's decision.",
                            null,
                            null);
                } else {
                    add(About.ADMISSION, "Approved", "Approved by " + decision.by() + why, decision.at(), null);
                }
            }
            case IGNORED ->
                add(
                        About.ADMISSION,
                        "Ignored",
                        decision == null ? "It is ignored." : "Ignored by " + decision.by() + why,
                        decision == null ? null : decision.at(),
                        null);
        }
    }

    private void slots() {
        int held = device.slots().size();
        for (Slot slot : device.slots()) {
            String user = slot.pod() == null
                    ? "a container that the kubelet has not named yet"
                    : "container " + slot.container() + " of Pod " + slot.namespace() + "/" + slot.pod();
            NodeRecord node = nodes.get(slot.node());
            String silent = node != null && node.lease() == LeaseState.ACTIVE
                    ? ""
                    : " The node is silent, so the slot is kept until the node says that it is free, or is proved to be"
                            + " gone.";
            add(
                    About.SLOTS,
                    slot.index() < device.capacity() ? "SlotHeld" : "SlotHeldBeyondCapacity",
                    "Slot " + slot.index() + " is held on node " + slot.node() + " by " + user + ", as "
                            + slot.resource() + "." + silent,
                    slot.since(),
                    slot.node());
        }
        if (held >= device.capacity()) {
            add(
                    About.SLOTS,
                    "NoFreeSlot",
                    held + " slots are held, of " + device.capacity()
                            + ". Nobody else is granted one until one is released.",
                    null,
                    null);
        }
    }

    private void exposure() {
        if (device.admission() != Admission.APPROVED) {
            add(
                    About.EXPOSURE,
                    "NotAdmitted",
                    "Kubernetes shows no Instance of it, since it is not approved.",
                    null,
                    null);
        } else if (device.presence() == Presence.OFFLINE) {
            add(About.EXPOSURE, "Offline", "Kubernetes shows no Instance of it, since it is offline.", null, null);
        } else {
            add(
                    About.EXPOSURE,
                    "Exposed",
                    "Kubernetes shows it as Instance " + device.configuration().namespace() + "/" + device.name()
                            + "; new users are taken on " + names(device, Presence.ONLINE) + ".",
                    null,
                    null);
        }
    }

    private static String names(DeviceRecord device, Presence presence) {
        String names = device.sightings().stream()
                .filter(sighting -> sighting.presence() == presence)
                .map(Sighting::node)
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "no node" : "node " + names;
    }

    private void add(About about, String code, String message, @Nullable Instant since, @Nullable String node) {
        reasons.add(new Reason(about, code, message, since, node));
    }
}
