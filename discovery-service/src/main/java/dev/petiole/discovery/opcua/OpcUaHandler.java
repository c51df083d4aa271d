package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.YamlDetails;
import dev.petiole.discovery.pace.SteadyClock;
import java.net.NetworkInterface;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/// Finds OPC UA servers.
@Component
final class OpcUaHandler implements DiscoveryHandler {

    private static final int CALLS_AT_A_TIME = 32;

    private final Semaphore calls = new Semaphore(CALLS_AT_A_TIME);
    private final Predicate<NetworkInterface> interfaces;
    private final Clock clock;

    OpcUaHandler() {
        this(MulticastDns::isUsual, new SteadyClock());
    }

    /// @param interfaces which of them are used for multicast
    OpcUaHandler(Predicate<NetworkInterface> interfaces, Clock clock) {
        this.interfaces = interfaces;
        this.clock = clock;
    }

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
        return new OpcUaDiscovery(query, () -> new MiloConnector(query.timeout(), calls), sources(query));
    }

    private List<UrlSource> sources(OpcUaQuery query) {
        var sources = new ArrayList<UrlSource>();
        if (query.scan().isWanted()) {
            sources.add(new NetworkScan(query.scan()));
        }
        if (query.isMulticast()) {
            sources.add(finds -> new MulticastDns(interfaces, clock).run(finds));
        }
        return sources;
    }
}
