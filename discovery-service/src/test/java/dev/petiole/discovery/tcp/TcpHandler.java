package dev.petiole.discovery.tcp;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.YamlDetails;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Finds the machines of a list on which a TCP port answers.
@Component
final class TcpHandler implements DiscoveryHandler {

    private static final int PATIENCE_MILLIS = 2_000;
    private static final int DEFAULT_PAUSE_SECONDS = 5;

    /// What a Configuration says in `discoveryDetails`.
    record Details(
            @Nullable List<String> addresses, @Nullable Integer everySeconds) {}

    @Override
    public String name() {
        return "tcp";
    }

    /// Every node can reach them.
    @Override
    public boolean isShared() {
        return true;
    }

    /// Only reads: a mistake in the details is known at once, and ends up in the Configuration's conditions.
    @Override
    public Discovery prepare(HandlerInput input) {
        Details details = YamlDetails.read(input.details(), Details.class);
        List<String> addresses = details.addresses();
        if (addresses == null || !addresses.stream().allMatch(each -> each != null && each.matches(".+:[0-9]{1,5}"))) {
            throw new InvalidDetails("discoveryDetails.addresses: missing or wrong (expected: a list of host:port)");
        }
        int seconds = details.everySeconds() == null ? DEFAULT_PAUSE_SECONDS : details.everySeconds();
        return sink -> {
            var never = new CountDownLatch(1);
            while (true) {
                sink.report(Sighting.of(look(addresses)));
                // A pause that ends at once when the discovery is to end.
                boolean _ = never.await(seconds, TimeUnit.SECONDS);
            }
        };
    }

    private static List<DiscoveredDevice> look(List<String> addresses) {
        List<DiscoveredDevice> devices = new ArrayList<>();
        for (String address : addresses) {
            if (answers(address)) {
                // The first argument is what makes it this device and no other: its name comes from it.
                devices.add(DiscoveredDevice.of(address, Map.of("TCP_ADDRESS", address)));
            }
        }
        return devices;
    }

    private static boolean answers(String address) {
        int colon = address.lastIndexOf(':');
        int port = Integer.parseInt(address.substring(colon + 1));
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.substring(0, colon), port), PATIENCE_MILLIS);
            return true;
        } catch (IOException _) {
            // Not there now, which is all there is to know.
            return false;
        }
    }
}
