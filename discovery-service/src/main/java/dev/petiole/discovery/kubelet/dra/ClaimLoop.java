package dev.petiole.discovery.kubelet.dra;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.kubernetes.KubernetesApi;
import dev.petiole.discovery.kubernetes.KubernetesRefusal;
import dev.petiole.discovery.kubernetes.KubernetesUnreachable;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Looks after the prepared ResourceClaims: tells in their status how the devices fare, and ends those that are
/// gone without the kubelet having said so.
@Component
final class ClaimLoop implements SmartLifecycle {

    private static final int PHASE = 310;
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(60);

    private final DraProperties properties;
    private final KubernetesApi kubernetes;
    private final Inventory inventory;
    private final Preparation preparation;
    private final PreparedClaims prepared;
    private final CdiFiles cdi;
    private final Clock clock;
    private final Loop loop;

    // Touched by the loop alone.
    private final Map<String, Look> looks = new HashMap<>();

    /// The last look at a claim.
    ///
    /// @param goneSince null while it is there
    /// @param told what its status says
    private record Look(Instant at, @Nullable Instant goneSince, List<DeviceStatus> told) {}

    ClaimLoop(
            DraProperties properties,
            KubernetesApi kubernetes,
            Inventory inventory,
            Preparation preparation,
            PreparedClaims prepared,
            CdiFiles cdi,
            Clock clock,
            RandomGenerator random) {
        this.properties = properties;
        this.kubernetes = kubernetes;
        this.inventory = inventory;
        this.preparation = preparation;
        this.prepared = prepared;
        this.cdi = cdi;
        this.clock = clock;
        this.loop = new Loop("resource-claims", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::look);
        preparation.onPrepared(loop::ring);
        inventory.onChange(loop::ring);
    }

    private Duration look() {
        List<PreparedClaim> claims = prepared.list();
        Set<String> uids = claims.stream().map(PreparedClaim::uid).collect(Collectors.toSet());
        looks.keySet().retainAll(uids);
        if (claims.isEmpty() || !inventory.isSynced()) {
            return properties.lookEvery();
        }
        Map<DeviceRef, ExposedDevice> exposed = inventory.exposed(Exposure.RESOURCE_CLAIM).stream()
                .collect(Collectors.toMap(ExposedDevice::ref, Function.identity()));
        RuntimeException failure = null;
        for (PreparedClaim claim : claims) {
            try {
                lookAt(claim, exposed);
            } catch (KubernetesRefusal | KubernetesUnreachable e) {
                // The others are looked at all the same, and this one again after the back-off.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return properties.lookEvery();
    }

    private void lookAt(PreparedClaim claim, Map<DeviceRef, ExposedDevice> exposed) {
        Look last = looks.get(claim.uid());
        List<DeviceStatus> before = last == null ? List.of() : last.told();
        List<DeviceStatus> wanted =
                cdi.has(claim.uid()) ? DeviceStatus.of(claim, exposed).orElse(before) : before;
        Instant now = clock.instant();
        boolean isDue = last == null || !now.isBefore(last.at().plus(properties.lookEvery()));
        if (!isDue && wanted.equals(before)) {
            return;
        }
        String path = KubernetesApi.resourceClaim(claim.namespace(), claim.name());
        Optional<JsonNode> found = kubernetes
                .find(path)
                .filter(object -> object.at("/metadata/uid").asString("").equals(claim.uid()));
        if (found.isEmpty()) {
            isGone(claim, last, now);
            return;
        }
        // A claim that is given up has no allocation any more, and takes no status of what was in it.
        boolean isAllocated = !found.get().at("/status/allocation").isMissingNode();
        if (isAllocated && !wanted.stream().allMatch(status -> status.isToldIn(found.get()))) {
            tell(path, found.get(), wanted, now);
        }
        looks.put(claim.uid(), new Look(now, null, wanted));
    }

    private void tell(String path, JsonNode claim, List<DeviceStatus> devices, Instant now) {
        kubernetes.apply(path + "/status", "petiole-discovery-service", DeviceStatus.toApply(claim, devices, now));
    }

    private void isGone(PreparedClaim claim, @Nullable Look last, Instant now) {
        Instant known = last == null ? null : last.goneSince();
        Instant since = known == null ? now : known;
        looks.put(claim.uid(), new Look(now, since, List.of()));
        if (!now.isBefore(since.plus(properties.kubeletsTurn()))) {
            preparation.unprepare(claim.uid());
        }
    }

    @Override
    public void start() {
        if (properties.enabled()) {
            loop.start();
        }
    }

    @Override
    public void stop() {
        loop.close();
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
