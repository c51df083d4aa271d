package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoverySink;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/// Looks for the devices of one Configuration.
final class OnvifDiscovery implements Discovery {

    private final OnvifQuery query;
    private final Credentials credentials;
    private final Surroundings surroundings;

    /// What a discovery works with, whatever it looks for.
    ///
    /// @param inspections how many devices may be asked at a time by all discoveries
    record Surroundings(OnvifNetwork network, Clock clock, SecureRandom random, Semaphore inspections) {}

    OnvifDiscovery(OnvifQuery query, Credentials credentials, Surroundings surroundings) {
        this.query = query;
        this.credentials = credentials;
        this.surroundings = surroundings;
    }

    @Override
    public void run(DiscoverySink sink) throws IOException, InterruptedException {
        try (DiscoverySockets sockets = DiscoverySockets.open(surroundings.network());
                SoapTransport transport = new SoapTransport()) {
            var table = new CameraTable(query, uuid -> session(uuid, transport));
            try (var search = new Search(query, table, sockets, surroundings)) {
                search.run(sink);
            }
        }
    }

    private DeviceSession session(String uuid, SoapTransport transport) {
        return new DeviceSession(
                transport, credentials.find(uuid).orElse(null), surroundings.clock(), surroundings.random());
    }
}
