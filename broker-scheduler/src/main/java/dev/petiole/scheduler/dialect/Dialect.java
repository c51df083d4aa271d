package dev.petiole.scheduler.dialect;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All that differs between the API groups that Petiole serves: the names, labels and resource names by
/// which they go, what their Instances say, and how many brokers a device has. Nothing else may ask for the
/// group.
public sealed interface Dialect permits PetioleDialect, AkriDialect {

    /// Petiole's own group.
    Dialect PETIOLE = new PetioleDialect();

    /// The group of the peer whose API Petiole also serves.
    Dialect AKRI = new AkriDialect();

    /// The key in a broker's resources that stands for the device's resource.
    String PLACEHOLDER = "{{PLACEHOLDER}}";

    /// @return the API group of Configurations and Instances
    default String group() {
        return configurations().group();
    }

    Resource configurations();

    Resource instances();

    /// @return of a Configuration's spec, as the registry has it, what the group's resource definition has fields for
    JsonObject shownSpec(JsonObject spec);

    /// @return whether a Configuration's name can be had only once in the cluster, since what is made from
    ///     it ignores namespaces
    boolean isNameForWholeCluster();

    /// @return the labels of all that is made for devices
    Map<String, String> childLabels();

    /// @return [#childLabels] as a selector
    default String childSelector() {
        return childLabels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    /// @return the name of the Configuration to which this object belongs, which is not a Configuration
    ///     itself; empty if it does not say
    String configurationOf(JsonObject object);

    /// @return the label by which what is made for a device names it
    String instanceLabel();

    String targetNodeLabel();

    /// @return how [#targetNodeLabel] names this node
    default String targetNode(String node) {
        return node;
    }

    /// @return the annotation that tells from which template an object was made
    default String templateHashAnnotation() {
        return "petiole.dev/spec-hash";
    }

    /// @param hash what the object's [#templateHashAnnotation] says, empty if it has none
    /// @return whether it was made from the template whose hash is `current`
    boolean isMadeFrom(String hash, String current);

    /// @return the extended resource by which a Pod asks for this device
    String resource(String namespace, String device);

    /// @return the name of the device's broker Pod on this node
    String podName(Device device, String node);

    /// @return the device whose broker Pod has this name, whatever its labels say
    String deviceOfPod(String configuration, String podName);

    /// @return the name of the device's broker Job for this generation of its Configuration
    default String jobName(String device, long generation) {
        return device + "-" + generation + "-job";
    }

    /// @return the name of the Service of a device or of a Configuration
    String serviceName(String owner);

    /// @return the labels of the Configuration's Instances
    Map<String, String> instanceLabels(String configuration);

    /// @return the labels of an object that is made for a device or for a Configuration
    Map<String, String> labels(Child child);

    /// @param device null if the Pods serve all devices of the Configuration
    /// @return the labels of Pods that another workload, such as a Job, makes
    Map<String, String> podTemplateLabels(String configuration, @Nullable String device);

    /// @param device null if the Service is for all devices of the Configuration
    /// @return the selector of a Service
    Map<String, String> serviceSelector(String configuration, @Nullable String device);

    /// @return what the spec of the device's Instance has beside the fields that both groups know
    JsonObject instanceSpec(Device device);

    /// @return how many broker Pods the device has, at most one per node
    int maxBrokers(Device device);

    /// @return whether an owner is not to be deleted in the foreground before this object is gone
    boolean blocksOwnerDeletion(JsonObject object);

    /// @return those finalizers of an object that another manager of the group has left
    List<String> formerFinalizers(JsonObject object);

    /// @param entry one of an Instance's `managedFields`
    /// @return whether it belongs to another manager of the group
    boolean isFormerOwner(JsonObject entry);

    /// @return whether an Instance was written by another manager of the group, and has not been taken over
    default boolean isFormers(JsonObject instance) {
        return !formerFinalizers(instance).isEmpty()
                || Json.objects(instance, "metadata", "managedFields").stream().anyMatch(this::isFormerOwner);
    }

    /// @return the slots that another manager of the group has granted, as the Instance tells
    List<HeldSlot> heldSlots(JsonObject instance);

    /// @return which of an Instance's fields the group's other manager owns, by the names under which it writes
    Map<String, JsonObject> formerOwnersFields(JsonObject instance);

    /// An object that is made for a device or for a Configuration.
    ///
    /// @param device null if it is for all devices of the Configuration
    record Child(
            Resource resource,
            String name,
            String configuration,
            @Nullable String device) {}
}
