package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.YamlDetails;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/// Finds ONVIF cameras.
@Component
final class OnvifHandler implements DiscoveryHandler {

    private static final int INSPECTIONS_AT_A_TIME = 32;

    private final OnvifDiscovery.Surroundings surroundings;

    OnvifHandler(Clock clock, OnvifNetwork network) {
        this.surroundings = new OnvifDiscovery.Surroundings(
                network, clock, new SecureRandom(), new Semaphore(INSPECTIONS_AT_A_TIME));
    }

    @Override
    public String name() {
        return "onvif";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        return new OnvifDiscovery(
                YamlDetails.read(input.details(), OnvifDetails.class).toQuery(),
                Credentials.of(input.properties()),
                surroundings);
    }
}
