package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.YamlDetails;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/// Finds the node's own devices.
@Component
final class UdevHandler implements DiscoveryHandler {

    private static final Path SYSFS = Path.of("/sys");
    private static final Path UDEV_DATABASE = Path.of("/run/udev/data");

    private final Path sysfs;
    private final Path database;
    private final DeviceChanges changes;

    UdevHandler() {
        this(SYSFS, UDEV_DATABASE, new UeventMonitor(UDEV_DATABASE));
    }

    UdevHandler(Path sysfs, Path database, DeviceChanges changes) {
        this.sysfs = sysfs;
        this.database = database;
        this.changes = changes;
    }

    @Override
    public String name() {
        return "udev";
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        UdevQuery query = YamlDetails.read(input.details(), UdevDetails.class).toQuery(KubeVirt.of(input.properties()));
        return new UdevDiscovery(query, () -> new Sysfs(sysfs, database), changes);
    }
}
