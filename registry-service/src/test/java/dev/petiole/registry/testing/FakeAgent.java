package dev.petiole.registry.testing;

import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.agent.Lease;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.agent.UsageReport.Use;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Slot;
import dev.petiole.api.node.Node.OfferedHandler;
import dev.petiole.registry.client.RegistryClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Says over REST what a node's discovery service would say.
public final class FakeAgent {

    private static final String RESOURCE = "petiole.dev/any";
    private static final List<OfferedHandler> HANDLERS = List.of(new OfferedHandler("debugEcho", true));

    private final RegistryClient registry;
    private final String node;
    private final String session;
    private long sequence;

    private FakeAgent(RegistryClient registry, String node) {
        this.registry = registry;
        this.node = node;
        this.session = registry.agents()
                .renewLease(node, new LeaseRequest(null, HANDLERS))
                .session();
    }

    private FakeAgent(RegistryClient registry, String node, String session, long sequence) {
        this.registry = registry;
        this.node = node;
        this.session = session;
        this.sequence = sequence;
    }

    /// Begins a session.
    public static FakeAgent begin(RegistryClient registry, String node) {
        return new FakeAgent(registry, node);
    }

    /// @return the same session, at another replica
    public FakeAgent at(RegistryClient other) {
        return new FakeAgent(other, node, session, sequence);
    }

    public String session() {
        return session;
    }

    public Lease renew() {
        return registry.agents().renewLease(node, new LeaseRequest(session, HANDLERS));
    }

    public void sees(Configuration configuration, String... identities) {
        observe(observation(configuration, ++sequence, identities));
    }

    public void seesNothingSaid(Configuration configuration) {
        observe(new Observation(
                session,
                ++sequence,
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                "debugEcho",
                true,
                DiscoveryState.WAITING,
                "HandlerNotFound",
                "There is no handler debugEcho on this node.",
                null));
    }

    public void observe(Observation observation) {
        registry.agents().observe(node, observation);
    }

    public Observation observation(Configuration configuration, long atSequence, String... identities) {
        List<ObservedDevice> devices = Stream.of(identities)
                .map(identity -> new ObservedDevice(identity, Map.of("SEEN_BY", node, "ID", identity)))
                .toList();
        return new Observation(
                session,
                atSequence,
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                "debugEcho",
                true,
                DiscoveryState.RUNNING,
                null,
                null,
                devices);
    }

    public Slot claim(Device device, String id) {
        return registry.agents().claim(node, new ClaimRequest(session, ref(device), RESOURCE, id, sequence));
    }

    /// @param id of the ResourceClaim and what was allocated to it
    public Slot claimByResourceClaim(Device device, String id) {
        return registry.agents().claim(node, new ClaimRequest(session, ref(device), "petiole.dev", id, sequence));
    }

    public void uses(Use... uses) {
        reports(++sequence, uses);
    }

    /// @return the sequence of what was said last
    public long sequence() {
        return sequence;
    }

    public void reports(long atSequence, Use... uses) {
        registry.agents().reportUsage(node, new UsageReport(session, atSequence, List.of(uses), List.of()));
    }

    public static Use use(Device device, String id, @Nullable String pod) {
        return new Use(ref(device), RESOURCE, id, pod == null ? null : "default", pod, pod == null ? null : "main");
    }

    private static DeviceRef ref(Device device) {
        return new DeviceRef(
                device.configuration().group(), device.configuration().namespace(), device.name());
    }
}
