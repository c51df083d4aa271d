package dev.petiole.discovery.kubelet.deviceplugin;

import static dev.petiole.discovery.LogKeys.RESOURCE;

import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.allocation.Allocator;
import dev.petiole.discovery.allocation.Claims;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.discovery.kubelet.KubeletProperties;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
    private final Allocator allocator;
    private final KubeletGrpc grpc;
    private final Clock clock;
    private final String node;
    private final PluginDirectory directory;
    private final DirectoryWatch watch;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private final Map<String, PluginEndpoint> endpoints = new HashMap<>();
    private boolean isSwept;

    DevicePlugins(
            Inventory inventory,
            Claims claims,
            Allocator allocator,
            KubeletGrpc grpc,
            KubeletProperties kubelet,
            NodeProperties node,
            Clock clock,
            RandomGenerator random) {
        this.inventory = inventory;
        this.claims = claims;
        this.allocator = allocator;
        this.grpc = grpc;
        this.clock = clock;
        this.node = node.nodeName();
        this.directory = new PluginDirectory(kubelet.devicePlugins());
        this.loop = new Loop("device-plugins", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::reconcile);
        this.watch = new DirectoryWatch(kubelet.devicePlugins(), loop::ring);
        inventory.onChange(loop::ring);
        claims.onChange(loop::ring);
    }

    private Duration reconcile() throws InterruptedException {
        watch.ensure();
        if (!inventory.isSynced()) {
            return RESYNC;
        }
        Map<String, OfferedResource> offered =
                OfferedResource.of(inventory.exposed(), new SlotHealth.NodeClaims(node, claims.list()));
        withdrawAllBut(offered.keySet());
        offered.values().forEach(this::offer);
        sweepOnce();
        registerWhereUnknown();
        return RESYNC;
    }

    private void offer(OfferedResource offered) {
        endpoints
                .computeIfAbsent(
                        offered.name(),
                        name -> new PluginEndpoint(name, directory.socketOf(name), grpc, allocator, clock))
                .offer(offered);
    }

    private void withdrawAllBut(Set<String> offered) throws InterruptedException {
        Set<String> surplus = new HashSet<>(endpoints.keySet());
        surplus.removeAll(offered);
        var work = new BoundedWork("withdraw");
        for (String resource : surplus) {
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
