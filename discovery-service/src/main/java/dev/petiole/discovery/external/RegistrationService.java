package dev.petiole.discovery.external;

import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.HANDLER;

import dev.petiole.proto.akri.Empty;
import dev.petiole.proto.akri.RegisterDiscoveryHandlerRequest;
import dev.petiole.proto.akri.RegisterDiscoveryHandlerRequest.EndpointType;
import dev.petiole.proto.akri.RegistrationGrpc.RegistrationImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The service on the registration socket.
@Component
final class RegistrationService extends RegistrationImplBase {

    private static final Logger log = LoggerFactory.getLogger(RegistrationService.class);

    private final Endpoints endpoints;

    RegistrationService(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public void registerDiscoveryHandler(RegisterDiscoveryHandlerRequest request, StreamObserver<Empty> answer) {
        try {
            if (request.getEndpointType() == EndpointType.UNRECOGNIZED) {
                throw new RegistrationRefused(
                        Status.INVALID_ARGUMENT,
                        "endpoint_type: " + request.getEndpointTypeValue() + " (expected: UDS or NETWORK)");
            }
            endpoints.register(new Registration(
                    request.getName(),
                    request.getEndpoint(),
                    request.getEndpointType() == EndpointType.NETWORK,
                    request.getShared(),
                    request.hasDetailsSchema() ? request.getDetailsSchema() : null));
        } catch (RegistrationRefused e) {
            log.atWarn()
                    .addKeyValue(HANDLER, request.getName())
                    .addKeyValue(ERROR, e.getMessage())
                    .log("external handler refused");
            answer.onError(e.status().asRuntimeException());
            return;
        }
        answer.onNext(Empty.getDefaultInstance());
        answer.onCompleted();
    }
}
