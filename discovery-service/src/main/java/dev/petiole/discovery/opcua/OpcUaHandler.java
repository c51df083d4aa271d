package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.YamlDetails;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/// Finds OPC UA servers.
@Component
final class OpcUaHandler implements DiscoveryHandler {

    private static final int CALLS_AT_A_TIME = 32;

    private final Semaphore calls = new Semaphore(CALLS_AT_A_TIME);

    @Override
    public String name() {
        return "opcua";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        OpcUaDetails details = YamlDetails.read(input.details(), OpcUaDetails.class);
        OpcUaQuery query = details.toQuery();
        return new OpcUaDiscovery(query, () -> new MiloConnector(query.timeout(), calls));
    }
}
