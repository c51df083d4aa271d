package dev.petiole.discovery.testing;

import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.proto.deviceplugin.AllocateRequest;
import dev.petiole.proto.deviceplugin.AllocateResponse;
import dev.petiole.proto.deviceplugin.ContainerAllocateRequest;
import dev.petiole.proto.deviceplugin.ContainerPreferredAllocationRequest;
import dev.petiole.proto.deviceplugin.Device;
import dev.petiole.proto.deviceplugin.DevicePluginGrpc;
import dev.petiole.proto.deviceplugin.Empty;
import dev.petiole.proto.deviceplugin.ListAndWatchResponse;
import dev.petiole.proto.deviceplugin.NUMANode;
import dev.petiole.proto.deviceplugin.PreferredAllocationRequest;
import dev.petiole.proto.deviceplugin.RegisterRequest;
import dev.petiole.proto.deviceplugin.RegistrationGrpc;
import dev.petiole.proto.podresources.ClaimResource;
import dev.petiole.proto.podresources.ContainerDevices;
import dev.petiole.proto.podresources.ContainerResources;
import dev.petiole.proto.podresources.DynamicResource;
import dev.petiole.proto.podresources.ListPodResourcesRequest;
import dev.petiole.proto.podresources.ListPodResourcesResponse;
import dev.petiole.proto.podresources.PodResources;
import dev.petiole.proto.podresources.PodResourcesListerGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The kubelet's side of the device plugin and pod-resources APIs, over real sockets: it takes registrations, calls the
/// plugin back as the kubelet does, and empties its directory when it starts.
public final class FakeKubelet implements AutoCloseable {

    private final Path directory;
    private final KubeletGrpc grpc = new KubeletGrpc();
    private final Map<String, Plugin> plugins = new ConcurrentHashMap<>();
    private final Map<String, List<Long>> numaNodes = new ConcurrentHashMap<>();
    private final List<String> registrations = new CopyOnWriteArrayList<>();
    private final List<PodResources> pods = new CopyOnWriteArrayList<>();
    private volatile String hanging = "";
    private volatile CountDownLatch release = new CountDownLatch(0);
    private @Nullable Server registration;
    private @Nullable Server podResources;

    private record Plugin(ManagedChannel channel, List<Map<String, String>> lists) {}

    public FakeKubelet(Path directory) {
        this.directory = directory;
    }

    public Path devicePlugins() {
        return directory.resolve("device-plugins");
    }

    public Path podResources() {
        return directory.resolve("pod-resources.sock");
    }

    public void start() {
        try {
            Files.createDirectories(devicePlugins());
            try (Stream<Path> old = Files.list(devicePlugins())) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(podResources());
            registration = grpc.server(devicePlugins().resolve("kubelet.sock"), new Registrations())
                    .start();
            podResources = grpc.server(podResources(), new Lister()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        for (@Nullable Server server : new Server[] {registration, podResources}) {
            if (server != null) {
                server.shutdownNow();
            }
        }
        plugins.values().forEach(plugin -> plugin.channel().shutdownNow());
        plugins.clear();
    }

    /// @return every resource's name each time it was registered
    public List<String> registrations() {
        return List.copyOf(registrations);
    }

    public Set<String> resources() {
        return Set.copyOf(plugins.keySet());
    }

    /// @return the health of each id as last told; empty if nothing has been told
    public Map<String, String> health(String resource) {
        Plugin plugin = plugins.get(resource);
        return plugin == null || plugin.lists().isEmpty()
                ? Map.of()
                : plugin.lists().getLast();
    }

    /// @return the NUMA nodes that were told last, one for each id that has one
    public List<Long> numaNodes(String resource) {
        return numaNodes.getOrDefault(resource, List.of());
    }

    public Set<String> healthy(String resource) {
        return health(resource).entrySet().stream()
                .filter(id -> id.getValue().equals("Healthy"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    public AllocateResponse allocate(String resource, String... ids) {
        return stub(resource)
                .allocate(AllocateRequest.newBuilder()
                        .addContainerRequests(
                                ContainerAllocateRequest.newBuilder().addAllDevicesIds(List.of(ids)))
                        .build());
    }

    public List<String> prefer(String resource, List<String> available, int size) {
        return stub(resource)
                .getPreferredAllocation(PreferredAllocationRequest.newBuilder()
                        .addContainerRequests(ContainerPreferredAllocationRequest.newBuilder()
                                .addAllAvailableDeviceIDs(available)
                                .setAllocationSize(size))
                        .build())
                .getContainerResponses(0)
                .getDeviceIDsList();
    }

    /// A Pod that has been given these ids.
    public void runPod(String name, String resource, String... ids) {
        pods.add(PodResources.newBuilder()
                .setName(name)
                .setNamespace("shop")
                .addContainers(ContainerResources.newBuilder()
                        .setName("broker")
                        .addDevices(ContainerDevices.newBuilder()
                                .setResourceName(resource)
                                .addAllDeviceIds(List.of(ids))))
                .build());
    }

    /// A Pod that has been given this slot by a ResourceClaim.
    public void runPodWithClaim(String name, String claim, String pool, String slot) {
        pods.add(PodResources.newBuilder()
                .setName(name)
                .setNamespace("shop")
                .addContainers(ContainerResources.newBuilder()
                        .setName("broker")
                        .addDynamicResources(DynamicResource.newBuilder()
                                .setClaimNamespace("shop")
                                .setClaimName(claim)
                                .addClaimResources(ClaimResource.newBuilder()
                                        .setDriverName("petiole.dev")
                                        .setPoolName(pool)
                                        .setDeviceName(slot))))
                .build());
    }

    public void endPod(String name) {
        pods.removeIf(pod -> pod.getName().equals(name));
    }

    /// Has registrations of this resource hang until `released`.
    public void hangOn(String resource, CountDownLatch released) {
        hanging = resource;
        release = released;
    }

    private void hangIfTold(String resource) {
        if (resource.equals(hanging)) {
            try {
                boolean _ = release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private DevicePluginGrpc.DevicePluginBlockingStub stub(String resource) {
        return DevicePluginGrpc.newBlockingStub(
                        Objects.requireNonNull(plugins.get(resource), resource).channel())
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private final class Registrations extends RegistrationGrpc.RegistrationImplBase {

        @Override
        public void register(RegisterRequest request, StreamObserver<Empty> answer) {
            if (!request.getVersion().equals("v1beta1")) {
                throw new IllegalArgumentException(request.getVersion());
            }
            hangIfTold(request.getResourceName());
            var plugin = new Plugin(
                    grpc.channel(devicePlugins().resolve(request.getEndpoint())), new CopyOnWriteArrayList<>());
            DevicePluginGrpc.newBlockingStub(plugin.channel())
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .getDevicePluginOptions(Empty.getDefaultInstance());
            Plugin before = plugins.put(request.getResourceName(), plugin);
            if (before != null) {
                before.channel().shutdownNow();
            }
            registrations.add(request.getResourceName());
            // The stream outlives this call, and so must not be cancelled with it.
            Context.ROOT.run(() -> DevicePluginGrpc.newStub(plugin.channel())
                    .listAndWatch(Empty.getDefaultInstance(), new Lists(request.getResourceName(), plugin)));
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private final class Lists implements StreamObserver<ListAndWatchResponse> {

        private final String resource;
        private final Plugin plugin;

        Lists(String resource, Plugin plugin) {
            this.resource = resource;
            this.plugin = plugin;
        }

        @Override
        public void onNext(ListAndWatchResponse list) {
            var health = new TreeMap<String, String>();
            for (Device device : list.getDevicesList()) {
                health.put(device.getID(), device.getHealth());
            }
            plugin.lists().add(health);
            numaNodes.put(
                    resource,
                    list.getDevicesList().stream()
                            .flatMap(device -> device.getTopology().getNodesList().stream())
                            .map(NUMANode::getID)
                            .toList());
        }

        @Override
        public void onError(Throwable error) {
            end();
        }

        @Override
        public void onCompleted() {
            end();
        }

        private void end() {
            plugins.remove(resource, plugin);
            plugin.channel().shutdownNow();
        }
    }

    private final class Lister extends PodResourcesListerGrpc.PodResourcesListerImplBase {

        @Override
        public void list(ListPodResourcesRequest request, StreamObserver<ListPodResourcesResponse> answer) {
            answer.onNext(ListPodResourcesResponse.newBuilder()
                    .addAllPodResources(pods)
                    .build());
            answer.onCompleted();
        }
    }

    @Override
    public void close() {
        stop();
        grpc.destroy();
    }
}
