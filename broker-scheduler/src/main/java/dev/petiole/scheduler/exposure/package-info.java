/// Devices that Pods can claim by Dynamic Resource Allocation (`resource.k8s.io/v1`): which DeviceClass,
/// ResourceSlices and ResourceClaimTemplates there should be. All but [DynamicResources] is pure.
@NullMarked
package dev.petiole.scheduler.exposure;

import org.jspecify.annotations.NullMarked;
