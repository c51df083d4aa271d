package dev.petiole.scheduler.exposure;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.ConditionType;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.Optional;

/// Says in conditions how it stands with claims of devices. Pure.
public final class ExposureConditions {

    private ExposureConditions() {}

    /// @param plan what was decided
    /// @param rejection the API server's words for not taking an object of the plan, if it did not
    public static Condition ofConfiguration(
            JsonObject configuration, DynamicResources.State state, ExposurePlan plan, Optional<String> rejection) {
        return switch (state) {
            case ABSENT ->
                Condition.isFalse(
                        ConditionType.EXPOSED,
                        Reason.NO_DYNAMIC_RESOURCES,
                        "exposure: ResourceClaim needs the API resource.k8s.io/v1 (Kubernetes 1.34 or newer), which this"
                                + " cluster does not serve; with DevicePlugin the devices become extended resources.");
            case UNKNOWN ->
                Condition.isUnknown(
                        ConditionType.EXPOSED,
                        Reason.PENDING,
                        "The cluster's ResourceSlices have not been listed yet. If this lasts, the broker-scheduler may"
                                + " lack the rights for resource.k8s.io: see dra.enabled and rbac.create of the chart.");
            case READY ->
                rejection
                        .map(message -> Condition.isFalse(ConditionType.EXPOSED, Reason.EXPOSURE_REJECTED, message))
                        .orElseGet(() -> published(configuration, plan));
        };
    }

    private static Condition published(JsonObject configuration, ExposurePlan plan) {
        int slots = plan.devices().values().stream()
                .mapToInt(ExposurePlan.OfDevice::slots)
                .sum();
        long devices = plan.devices().values().stream()
                .filter(device -> device.slots() > 0)
                .count();
        long slices =
                plan.wanted().stream().filter(Resource.RESOURCE_SLICE::isOf).count();
        return Condition.isTrue(
                ConditionType.EXPOSED,
                Reason.PUBLISHED,
                "DeviceClass " + ExposureNames.deviceClass(configuration) + ": " + count(slots, "slot") + " of "
                        + count(devices, "device") + " in " + count(slices, "ResourceSlice") + ".");
    }

    public static Condition ofDevice(ExposurePlan.OfDevice device) {
        String leftOut = device.leftOut().isEmpty()
                ? ""
                : " Not among its attributes: " + String.join(", ", device.leftOut()) + ".";
        return device.slots() > 0
                ? Condition.isTrue(
                        ConditionType.EXPOSED,
                        device.leftOut().isEmpty() ? Reason.PUBLISHED : Reason.ATTRIBUTES_LEFT_OUT,
                        count(device.slots(), "slot") + " can be claimed." + leftOut)
                : Condition.isFalse(
                        ConditionType.EXPOSED,
                        Reason.NOT_CLAIMABLE,
                        "No slot can be claimed now: the device is not online, or others hold all slots." + leftOut);
    }

    private static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
