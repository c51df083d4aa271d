package dev.petiole.discovery.kubelet.dra;

import static dev.petiole.discovery.LogKeys.CLAIM;
import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.NAMESPACE;

import dev.petiole.proto.dra.Claim;
import dev.petiole.proto.dra.DRAPluginGrpc;
import dev.petiole.proto.dra.Device;
import dev.petiole.proto.dra.NodePrepareResourceResponse;
import dev.petiole.proto.dra.NodePrepareResourcesRequest;
import dev.petiole.proto.dra.NodePrepareResourcesResponse;
import dev.petiole.proto.dra.NodeUnprepareResourceResponse;
import dev.petiole.proto.dra.NodeUnprepareResourcesRequest;
import dev.petiole.proto.dra.NodeUnprepareResourcesResponse;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kubelet asks of a DRA driver (`v1`). Each claim is answered for itself. Thread-safe.
final class DraService extends DRAPluginGrpc.DRAPluginImplBase {

    private static final Logger log = LoggerFactory.getLogger(DraService.class);

    private final Preparation preparation;

    DraService(Preparation preparation) {
        this.preparation = preparation;
    }

    @Override
    public void nodePrepareResources(
            NodePrepareResourcesRequest request, StreamObserver<NodePrepareResourcesResponse> answer) {
        var response = NodePrepareResourcesResponse.newBuilder();
        request.getClaimsList().forEach(claim -> response.putClaims(claim.getUid(), prepare(claim)));
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void nodeUnprepareResources(
            NodeUnprepareResourcesRequest request, StreamObserver<NodeUnprepareResourcesResponse> answer) {
        var response = NodeUnprepareResourcesResponse.newBuilder();
        request.getClaimsList().forEach(claim -> response.putClaims(claim.getUid(), unprepare(claim)));
        answer.onNext(response.build());
        answer.onCompleted();
    }

    private NodePrepareResourceResponse prepare(Claim claim) {
        var response = NodePrepareResourceResponse.newBuilder();
        try {
            PreparedClaim prepared =
                    preparation.prepare(new Preparation.Request(claim.getNamespace(), claim.getName(), claim.getUid()));
            for (int i = 0; i < prepared.slots().size(); i++) {
                PreparedClaim.Slot slot = prepared.slots().get(i);
                response.addDevices(Device.newBuilder()
                        .addRequestNames(slot.request())
                        .setPoolName(slot.pool())
                        .setDeviceName(slot.name())
                        .addCdiDeviceIds(CdiFiles.id(prepared.uid(), i)));
            }
        } catch (RuntimeException e) {
            // Whatever it is, it concerns this claim alone, and its Pod's Event tells.
            response.setError(String.valueOf(e.getMessage()));
            warn(claim, e, "resource claim not prepared");
        }
        return response.build();
    }

    private NodeUnprepareResourceResponse unprepare(Claim claim) {
        var response = NodeUnprepareResourceResponse.newBuilder();
        try {
            preparation.unprepare(claim.getUid());
        } catch (RuntimeException e) {
            response.setError(String.valueOf(e.getMessage()));
            warn(claim, e, "resource claim not ended");
        }
        return response.build();
    }

    private static void warn(Claim claim, RuntimeException e, String message) {
        var entry = log.atWarn();
        (log.isDebugEnabled() ? entry.setCause(e) : entry)
                .addKeyValue(NAMESPACE, claim.getNamespace())
                .addKeyValue(CLAIM, claim.getName())
                .addKeyValue(ERROR, e.getMessage())
                .log(message);
    }
}
