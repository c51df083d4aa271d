package dev.petiole.registry.slot;

import dev.petiole.api.device.Device.Admission;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;
import java.util.Locale;

/// The device may not be granted to the node now.
final class DeviceNotAvailable extends Refusal {

    private static final long serialVersionUID = 1L;

    DeviceNotAvailable(DeviceRecord device, String node) {
        super(
                ProblemType.DEVICE_NOT_AVAILABLE,
                "Device " + device.key() + " can't be granted to node " + node + ": " + reason(device, node) + ".");
    }

    private static String reason(DeviceRecord device, String node) {
        if (device.admission() != Admission.APPROVED) {
            return "it is " + (device.admission() == Admission.PENDING ? "not approved yet" : "ignored");
        }
        return device.findSighting(node)
                .map(sighting -> "it is " + sighting.presence().name().toLowerCase(Locale.ROOT) + " there")
                .orElse("that node does not see it");
    }
}
