package dev.petiole.discovery.kubelet.deviceplugin;

import static dev.petiole.discovery.LogKeys.RESOURCE;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.allocation.Allocator;
import dev.petiole.discovery.allocation.Claims;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.inventory.KubeletNames;
import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.discovery.kubelet.KubeletProperties;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.discovery.report.Observations;
import dev.petiole.discovery.report.RegistrySession;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Keeps the kubelet's extended resources as the exposed devices want them, whatever becomes of the kubelet.
@Component
final class DevicePlugins implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DevicePlugins.class);

    private static final int PHASE = 300;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    // A backup only: changes of devices, claims and the kubelet's directory ring.
    private static final Duration RESYNC = Duration.ofSeconds(10);

    private final Inventory inventory;
    private final Claims claims;
    private final RegistrySession session;
    private final Observations observations;
    private final Allocator allocator;
    private final KubeletGrpc grpc;
    private final Clock clock;
    private final String node;
    private final Duration withdrawAfter;
    private final int maxDeviceResources;
    private final PluginDirectory directory;
    private final DirectoryWatch watch;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private final Map<String, PluginEndpoint> endpoints = new HashMap<>();
    private final Map<String, Instant> emptySince = new HashMap<>();
    private boolean isSwept;

    DevicePlugins(
            Inventory inventory,
            Claims claims,
            RegistrySession session,
            Observations observations,
            Allocator allocator,
            KubeletGrpc grpc,
            KubeletProperties kubelet,
            DevicePluginProperties properties,
            NodeProperties node,
            Clock clock,
            RandomGenerator random) {
        this.inventory = inventory;
        this.claims = claims;
        this.session = session;
        this.observations = observations;
        this.allocator = allocator;
        this.grpc = grpc;
        this.clock = clock;
        this.node = node.nodeName();
        this.withdrawAfter = properties.withdrawAfter();
        this.maxDeviceResources = properties.maxDeviceResources();
        this.directory = new PluginDirectory(kubelet.devicePlugins());
        this.loop = new Loop("device-plugins", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::reconcile);
        this.watch = new DirectoryWatch(kubelet.devicePlugins(), loop::ring);
        inventory.onChange(loop::ring);
        claims.onChange(loop::ring);
        session.onBegin(loop::ring);
    }

    private Duration reconcile() throws InterruptedException {
        watch.ensure();
        if (!inventory.isSynced()) {
            return RESYNC;
        }
        Offer offer =
                Offer.of(grantable(), new SlotHealth.NodeClaims(node, claims.list()), offeredNow(), maxDeviceResources);
        emptyAllBut(offer.resources().keySet());
        withdrawEmpty();
        offer.resources().values().forEach(this::offer);
        tell(offer);
        sweepOnce();
        registerWhereUnknown();
        return emptySince.values().stream()
                .map(since -> Duration.between(clock.instant(), since.plus(withdrawAfter)))
                .reduce(RESYNC, (one, other) -> one.compareTo(other) < 0 ? one : other);
    }

    /// Before there is a session at the registry no slot of a shared device can be had: a Pod had better wait than be
    /// turned away.
    private List<ExposedDevice> grantable() {
        boolean canAsk = session.id().isPresent();
        return inventory.exposed().stream()
                .map(device -> device.isLocal() || canAsk ? device : device.withheld())
                .toList();
    }

    private Set<String> offeredNow() {
        Set<String> names = new HashSet<>(endpoints.keySet());
        names.removeAll(emptySince.keySet());
        return names;
    }

    /// Those who look at a Configuration hear which of its devices can't be asked for by name.
    private void tell(Offer offer) {
        Map<ConfigurationKey, Warning> warnings = new HashMap<>();
        offer.withoutOwn()
                .forEach((configuration, count) -> warnings.put(
                        configuration,
                        new Warning(
                                DiscoveryReason.TOO_MANY_DEVICE_RESOURCES,
                                ("%d %s no resource of %s own, since the node has %d already; ask for %s, or set"
                                                + " deviceResources: ConfigurationOnly or exposure: ResourceClaim")
                                        .formatted(
                                                count,
                                                count == 1 ? "device has" : "devices have",
                                                count == 1 ? "its" : "their",
                                                maxDeviceResources,
                                                KubeletNames.resource(configuration)))));
        observations.warnOfExposure(warnings);
    }

    private void offer(OfferedResource offered) {
        emptySince.remove(offered.name());
        endpoints
                .computeIfAbsent(
                        offered.name(),
                        name -> new PluginEndpoint(name, directory.socketOf(name), grpc, allocator, clock))
                .offer(offered);
    }

    /// What is offered no more is not allocatable any more at once. It stays registered for a while: when its device
    /// returns, the kubelet has it before a Pod asks for it.
    private void emptyAllBut(Set<String> offered) {
        Instant now = clock.instant();
        endpoints.forEach((resource, endpoint) -> {
            if (!offered.contains(resource)) {
                endpoint.offer(OfferedResource.empty(resource));
                emptySince.putIfAbsent(resource, now);
            }
        });
    }

    private void withdrawEmpty() throws InterruptedException {
        Instant due = clock.instant().minus(withdrawAfter);
        @Nullable SocketIdentity kubelet = SocketIdentity.of(directory.kubelet());
        List<String> ended = new ArrayList<>();
        emptySince.forEach((resource, since) -> {
            PluginEndpoint endpoint = endpoints.get(resource);
            boolean isKnown = kubelet != null && endpoint != null && endpoint.isKnownTo(kubelet);
            if (!isKnown || !since.isAfter(due)) {
                ended.add(resource);
            }
        });
        var work = new BoundedWork("withdraw");
        for (String resource : ended) {
            emptySince.remove(resource);
            PluginEndpoint endpoint = endpoints.remove(resource);
            if (endpoint != null) {
                work.add(() -> {
                    endpoint.withdraw();
                    log.atInfo().addKeyValue(RESOURCE, resource).log("resource withdrawn");
                });
            }
        }
        work.finish();
    }

    /// Sockets that an earlier run left for resources which are gone meanwhile.
    private void sweepOnce() {
        if (!isSwept) {
            directory.deleteAllBut(endpoints.keySet());
            isSwept = true;
        }
    }

    private void registerWhereUnknown() throws InterruptedException {
        Path kubeletSocket = directory.kubelet();
        @Nullable SocketIdentity kubelet = SocketIdentity.of(kubeletSocket);
        if (kubelet == null) {
            // It is about to start; its socket's appearance rings.
            return;
        }
        List<String> unknown = new ArrayList<>();
        endpoints.forEach((resource, endpoint) -> {
            if (!endpoint.isKnownTo(kubelet)) {
                unknown.add(resource);
            }
        });
        var work = new BoundedWork("register");
        for (String resource : unknown) {
            PluginEndpoint endpoint = endpoints.get(resource);
            if (endpoint != null) {
                work.add(() -> {
                    endpoint.register(kubeletSocket, kubelet);
                    log.atInfo().addKeyValue(RESOURCE, resource).log("resource registered with the kubelet");
                });
            }
        }
        work.finish();
    }

    @Override
    public void start() {
        loop.start();
    }

    /// Withdraws nothing: a restart of this service must not disturb the Pods that use devices.
    @Override
    public void stop() {
        loop.close();
        watch.close();
        endpoints.values().forEach(PluginEndpoint::close);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
