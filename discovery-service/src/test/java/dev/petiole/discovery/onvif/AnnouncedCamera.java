package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;

/// A simulated camera for tests of other packages.
public final class AnnouncedCamera implements AutoCloseable {

    private final SimulatedCamera camera;

    private AnnouncedCamera(SimulatedCamera camera) {
        this.camera = camera;
    }

    public static AnnouncedCamera start(String uuid, NetworkInterface at, InetAddress address) {
        return start(SimulatedCamera.Settings.of(uuid, SimulatedCamera.Login.NONE), at, address);
    }

    /// A camera that says by its scopes what it is.
    public static AnnouncedCamera start(String uuid, List<String> scopes, NetworkInterface at, InetAddress address) {
        var settings =
                new SimulatedCamera.Settings(uuid, SimulatedCamera.Login.NONE, Duration.ZERO, List.copyOf(scopes));
        return start(settings, at, address);
    }

    private static AnnouncedCamera start(SimulatedCamera.Settings settings, NetworkInterface at, InetAddress address) {
        return new AnnouncedCamera(SimulatedCamera.start(settings, at, address, WsDiscovery.PORT));
    }

    public String url() {
        return camera.url();
    }

    public void hello() {
        camera.responder().hello();
    }

    public void bye() {
        camera.responder().bye();
    }

    @Override
    public void close() {
        camera.close();
    }
}
