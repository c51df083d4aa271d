package dev.petiole.discovery.testing;

import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.proto.dra.Claim;
import dev.petiole.proto.dra.DRAPluginGrpc;
import dev.petiole.proto.dra.NodePrepareResourceResponse;
import dev.petiole.proto.dra.NodePrepareResourcesRequest;
import dev.petiole.proto.dra.NodeUnprepareResourceResponse;
import dev.petiole.proto.dra.NodeUnprepareResourcesRequest;
import dev.petiole.proto.pluginregistration.InfoRequest;
import dev.petiole.proto.pluginregistration.PluginInfo;
import dev.petiole.proto.pluginregistration.RegistrationGrpc;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.function.Function;

/// The kubelet's side of the DRA API, over the plugin's real socket.
public final class FakeDraKubelet {

    private final KubeletGrpc grpc = new KubeletGrpc();
    private final Path socket;

    public FakeDraKubelet(Path pluginsRegistry) {
        this.socket = pluginsRegistry.resolve("petiole.dev.sock");
    }

    public PluginInfo info() {
        return call(channel -> RegistrationGrpc.newBlockingStub(channel).getInfo(InfoRequest.getDefaultInstance()));
    }

    public NodePrepareResourceResponse prepare(String namespace, String name, String uid) {
        return call(channel -> DRAPluginGrpc.newBlockingStub(channel)
                .nodePrepareResources(NodePrepareResourcesRequest.newBuilder()
                        .addClaims(claim(namespace, name, uid))
                        .build())
                .getClaimsOrThrow(uid));
    }

    public NodeUnprepareResourceResponse unprepare(String namespace, String name, String uid) {
        return call(channel -> DRAPluginGrpc.newBlockingStub(channel)
                .nodeUnprepareResources(NodeUnprepareResourcesRequest.newBuilder()
                        .addClaims(claim(namespace, name, uid))
                        .build())
                .getClaimsOrThrow(uid));
    }

    private static Claim claim(String namespace, String name, String uid) {
        return Claim.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setUid(uid)
                .build();
    }

    private <T> T call(Function<ManagedChannel, T> call) {
        ManagedChannel channel = grpc.channel(socket);
        try {
            return call.apply(channel);
        } finally {
            channel.shutdownNow();
        }
    }
}
