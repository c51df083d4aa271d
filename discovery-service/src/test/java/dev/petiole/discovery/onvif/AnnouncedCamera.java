package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.net.NetworkInterface;

/// A simulated camera for tests of other packages.
public final class AnnouncedCamera implements AutoCloseable {

    private final SimulatedCamera camera;

    private AnnouncedCamera(SimulatedCamera camera) {
        this.camera = camera;
    }

    public static AnnouncedCamera start(String uuid, NetworkInterface at, InetAddress address) {
        var settings = SimulatedCamera.Settings.of(uuid, SimulatedCamera.Login.NONE);
        return new AnnouncedCamera(SimulatedCamera.start(settings, at, address, WsDiscovery.PORT));
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
