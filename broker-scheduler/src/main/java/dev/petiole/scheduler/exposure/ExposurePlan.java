package dev.petiole.scheduler.exposure;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/// What there should be for the claims of a Configuration's devices.
///
/// @param wanted cluster-scoped objects in the order in which they should be made
/// @param templates by device, whose Instance owns it; by the empty name one that the Configuration owns
/// @param removals what there is and should not be
/// @param devices what can be claimed of each device that is not offline, by name
public record ExposurePlan(
        List<JsonObject> wanted,
        Map<String, JsonObject> templates,
        List<JsonObject> removals,
        Map<String, OfDevice> devices) {

    public ExposurePlan {
        wanted = List.copyOf(wanted);
        templates = Map.copyOf(templates);
        removals = List.copyOf(removals);
        devices = Map.copyOf(devices);
    }

    /// @param slots how many slots can be claimed, those that are
    /// @param leftOut what of its properties can't be selected by, and why
    public record OfDevice(int slots, List<String> leftOut) {
        public OfDevice {
            leftOut = List.copyOf(leftOut);
        }
    }
}
