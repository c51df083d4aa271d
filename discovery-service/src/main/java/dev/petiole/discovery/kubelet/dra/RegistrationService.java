package dev.petiole.discovery.kubelet.dra;

import static dev.petiole.discovery.LogKeys.ERROR;

import dev.petiole.discovery.inventory.PoolNames;
import dev.petiole.proto.pluginregistration.InfoRequest;
import dev.petiole.proto.pluginregistration.PluginInfo;
import dev.petiole.proto.pluginregistration.RegistrationGrpc;
import dev.petiole.proto.pluginregistration.RegistrationStatus;
import dev.petiole.proto.pluginregistration.RegistrationStatusResponse;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kubelet asks a socket that it finds in its directory of plugins.
final class RegistrationService extends RegistrationGrpc.RegistrationImplBase {

    private static final Logger log = LoggerFactory.getLogger(RegistrationService.class);
    private static final String TYPE = "DRAPlugin";
    private static final String SERVICE = "v1.DRAPlugin";

    /// No endpoint is given: the kubelet then uses the socket that it found, by the path that it knows it by.
    @Override
    public void getInfo(InfoRequest request, StreamObserver<PluginInfo> answer) {
        answer.onNext(PluginInfo.newBuilder()
                .setType(TYPE)
                .setName(PoolNames.DRIVER)
                .addSupportedVersions(SERVICE)
                .build());
        answer.onCompleted();
    }

    @Override
    public void notifyRegistrationStatus(RegistrationStatus status, StreamObserver<RegistrationStatusResponse> answer) {
        if (status.getPluginRegistered()) {
            log.atInfo().log("DRA driver registered with the kubelet");
        } else {
            log.atWarn().addKeyValue(ERROR, status.getError()).log("kubelet did not take the DRA driver");
        }
        answer.onNext(RegistrationStatusResponse.getDefaultInstance());
        answer.onCompleted();
    }
}
