package dev.petiole.discovery.kubelet.deviceplugin;

import dev.petiole.discovery.allocation.AllocationRefused;
import dev.petiole.discovery.allocation.Allocator;
import dev.petiole.discovery.allocation.ContainerDevices;
import dev.petiole.proto.deviceplugin.AllocateRequest;
import dev.petiole.proto.deviceplugin.AllocateResponse;
import dev.petiole.proto.deviceplugin.ContainerAllocateRequest;
import dev.petiole.proto.deviceplugin.ContainerAllocateResponse;
import dev.petiole.proto.deviceplugin.ContainerPreferredAllocationResponse;
import dev.petiole.proto.deviceplugin.Device;
import dev.petiole.proto.deviceplugin.DevicePluginGrpc;
import dev.petiole.proto.deviceplugin.DevicePluginOptions;
import dev.petiole.proto.deviceplugin.DeviceSpec;
import dev.petiole.proto.deviceplugin.Empty;
import dev.petiole.proto.deviceplugin.ListAndWatchResponse;
import dev.petiole.proto.deviceplugin.Mount;
import dev.petiole.proto.deviceplugin.NUMANode;
import dev.petiole.proto.deviceplugin.PreStartContainerRequest;
import dev.petiole.proto.deviceplugin.PreStartContainerResponse;
import dev.petiole.proto.deviceplugin.PreferredAllocationRequest;
import dev.petiole.proto.deviceplugin.PreferredAllocationResponse;
import dev.petiole.proto.deviceplugin.TopologyInfo;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What the kubelet can ask about one resource. Thread-safe.
final class PluginService extends DevicePluginGrpc.DevicePluginImplBase {

    static final DevicePluginOptions OPTIONS = DevicePluginOptions.newBuilder()
            .setGetPreferredAllocationAvailable(true)
            .build();

    private static final String HEALTHY = "Healthy";
    private static final String UNHEALTHY = "Unhealthy";

    private final String resource;
    private final Allocator allocator;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile ListAndWatchResponse current = ListAndWatchResponse.getDefaultInstance();

    PluginService(String resource, Allocator allocator) {
        this.resource = resource;
        this.allocator = allocator;
    }

    /// Tells the kubelet at once if anything has changed.
    void offer(OfferedResource offered) {
        var list = ListAndWatchResponse.newBuilder();
        new TreeMap<>(offered.isHealthyById())
                .forEach((id, isHealthy) -> list.addDevices(
                        device(id, isHealthy, offered.numaNodeById().get(id))));
        current = list.build();
        watchers.forEach(Watcher::send);
    }

    /// @param numaNode by which the kubelet's Topology Manager places containers; null if it does not matter
    private static Device device(String id, boolean isHealthy, @Nullable Integer numaNode) {
        Device.Builder device = Device.newBuilder().setID(id).setHealth(isHealthy ? HEALTHY : UNHEALTHY);
        if (numaNode != null) {
            device.setTopology(
                    TopologyInfo.newBuilder().addNodes(NUMANode.newBuilder().setID(numaNode)));
        }
        return device.build();
    }

    /// Ends all streams after a last list: nothing.
    void withdraw() {
        current = ListAndWatchResponse.getDefaultInstance();
        watchers.forEach(Watcher::finish);
    }

    /// @return whether the kubelet listens
    boolean isWatched() {
        return !watchers.isEmpty();
    }

    @Override
    public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> answer) {
        answer.onNext(OPTIONS);
        answer.onCompleted();
    }

    @Override
    public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> answer) {
        var watcher = new Watcher((ServerCallStreamObserver<ListAndWatchResponse>) answer);
        watchers.add(watcher);
        watcher.begin(() -> watchers.remove(watcher));
    }

    @Override
    public void getPreferredAllocation(
            PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> answer) {
        var preferred = PreferredAllocationResponse.newBuilder();
        request.getContainerRequestsList()
                .forEach(container -> preferred.addContainerResponses(ContainerPreferredAllocationResponse.newBuilder()
                        .addAllDeviceIDs(PreferredIds.choose(
                                container.getAvailableDeviceIDsList(),
                                container.getMustIncludeDeviceIDsList(),
                                container.getAllocationSize()))));
        answer.onNext(preferred.build());
        answer.onCompleted();
    }

    @Override
    public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> answer) {
        List<List<String>> containers = request.getContainerRequestsList().stream()
                .map(ContainerAllocateRequest::getDevicesIdsList)
                .<List<String>>map(List::copyOf)
                .toList();
        try {
            var allocated = AllocateResponse.newBuilder();
            allocator
                    .allocate(resource, containers)
                    .forEach(container -> allocated.addContainerResponses(toResponse(container)));
            answer.onNext(allocated.build());
            answer.onCompleted();
        } catch (AllocationRefused e) {
            answer.onError(Status.UNAVAILABLE
                    .withDescription(e.getMessage())
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    @Override
    public void preStartContainer(PreStartContainerRequest request, StreamObserver<PreStartContainerResponse> answer) {
        answer.onNext(PreStartContainerResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private static ContainerAllocateResponse toResponse(ContainerDevices container) {
        var response = ContainerAllocateResponse.newBuilder().putAllEnvs(container.environment());
        container
                .mounts()
                .forEach(mount -> response.addMounts(Mount.newBuilder()
                        .setContainerPath(mount.containerPath())
                        .setHostPath(mount.hostPath())
                        .setReadOnly(mount.readOnly())));
        container
                .deviceNodes()
                .forEach(node -> response.addDevices(DeviceSpec.newBuilder()
                        .setContainerPath(node.containerPath())
                        .setHostPath(node.hostPath())
                        .setPermissions(node.permissions())));
        return response.build();
    }

    /// One stream to the kubelet. It holds no queue: whenever the kubelet is ready for more it gets the list of now.
    private final class Watcher {

        private final ServerCallStreamObserver<ListAndWatchResponse> stream;
        private boolean isFinished;
        private boolean hasSent;
        private ListAndWatchResponse sent = ListAndWatchResponse.getDefaultInstance();

        Watcher(ServerCallStreamObserver<ListAndWatchResponse> stream) {
            this.stream = stream;
        }

        void begin(Runnable onEnd) {
            stream.setOnReadyHandler(this::send);
            stream.setOnCancelHandler(() -> {
                end();
                onEnd.run();
            });
            stream.setOnCloseHandler(onEnd);
            send();
        }

        synchronized void send() {
            if (isFinished || !stream.isReady() || (hasSent && sent.equals(current))) {
                return;
            }
            hasSent = true;
            sent = current;
            stream.onNext(sent);
        }

        synchronized void finish() {
            if (isFinished) {
                return;
            }
            isFinished = true;
            stream.onNext(current);
            stream.onCompleted();
        }

        private synchronized void end() {
            isFinished = true;
        }
    }
}
