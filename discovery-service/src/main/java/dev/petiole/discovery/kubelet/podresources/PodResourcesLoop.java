package dev.petiole.discovery.kubelet.podresources;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.discovery.allocation.Claim;
import dev.petiole.discovery.allocation.Claims;
import dev.petiole.discovery.dialect.Dialect;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.discovery.kubelet.KubeletProperties;
import dev.petiole.discovery.kubelet.dra.LostClaims;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.proto.podresources.ContainerDevices;
import dev.petiole.proto.podresources.ContainerResources;
import dev.petiole.proto.podresources.ListPodResourcesRequest;
import dev.petiole.proto.podresources.ListPodResourcesResponse;
import dev.petiole.proto.podresources.PodResources;
import dev.petiole.proto.podresources.PodResourcesListerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Asks the kubelet which containers have which devices. It offers no watch, so this is the one thing that is polled;
/// soon after a grant it is asked out of turn, to learn the Pod's name.
@Component
final class PodResourcesLoop implements SmartLifecycle {

    private static final int PHASE = 120;
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration PERIOD_AFTER_GRANT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    private final Claims claims;
    private final Inventory inventory;
    private final LostClaims lostClaims;
    private final KubeletGrpc grpc;
    private final Path socket;
    private final Clock clock;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private @Nullable ManagedChannel channel;

    PodResourcesLoop(
            Claims claims,
            Inventory inventory,
            LostClaims lostClaims,
            KubeletGrpc grpc,
            KubeletProperties kubelet,
            Clock clock,
            RandomGenerator random) {
        this.claims = claims;
        this.inventory = inventory;
        this.lostClaims = lostClaims;
        this.grpc = grpc;
        this.socket = kubelet.podResources();
        this.clock = clock;
        this.loop = new Loop("pod-resources", new Backoff(PERIOD_AFTER_GRANT, MAX_BACKOFF, random), this::list);
        claims.onGrant(loop::ring);
    }

    private Duration list() {
        Instant begun = clock.instant();
        ListPodResourcesResponse list = call();
        lostClaims.takeBack(list);
        claims.observe(begun, inUse(list));
        boolean isHolderUnknown = claims.list().stream().anyMatch(claim -> claim.holder() == null);
        return isHolderUnknown ? PERIOD_AFTER_GRANT : PERIOD;
    }

    private ListPodResourcesResponse call() {
        ManagedChannel open = channel == null ? grpc.channel(socket) : channel;
        channel = open;
        try {
            return PodResourcesListerGrpc.newBlockingStub(open)
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .list(ListPodResourcesRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            // A new channel connects at once when the kubelet is back; the old one would back off by itself.
            close();
            throw e;
        }
    }

    private Map<Claim.Key, Claim.Holder> inUse(ListPodResourcesResponse response) {
        var inUse = new HashMap<Claim.Key, Claim.Holder>();
        for (PodResources pod : response.getPodResourcesList()) {
            for (ContainerResources container : pod.getContainersList()) {
                var holder = new Claim.Holder(pod.getNamespace(), pod.getName(), container.getName());
                container.getDevicesList().forEach(devices -> add(devices, holder, inUse));
            }
        }
        return inUse;
    }

    private void add(ContainerDevices devices, Claim.Holder holder, Map<Claim.Key, Claim.Holder> inUse) {
        String resource = devices.getResourceName();
        for (String id : devices.getDeviceIdsList()) {
            findDevice(resource, id).ifPresent(device -> inUse.put(new Claim.Key(device, resource, id), holder));
        }
    }

    private Optional<DeviceRef> findDevice(String resource, String id) {
        Optional<DeviceRef> device = inventory.findDevice(resource, id).or(() -> findClaimed(resource, id));
        boolean isTooEarly = !inventory.isSynced()
                && Dialect.ALL.stream().anyMatch(dialect -> dialect.needsConfigurations(resource));
        if (device.isEmpty() && isTooEarly) {
            throw new IllegalStateException("can't tell yet which device " + id + " of " + resource
                    + " is: the registry has not been heard, so this list says nothing");
        }
        return device;
    }

    private Optional<DeviceRef> findClaimed(String resource, String id) {
        return claims.list().stream()
                .map(Claim::key)
                .filter(key ->
                        key.resource().equals(resource) && key.kubeletDeviceId().equals(id))
                .map(Claim.Key::device)
                .findFirst();
    }

    private void close() {
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.close();
        close();
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
