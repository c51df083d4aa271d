package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to look for, and what to do with each device found. Field names are Akri's wherever Akri has the field.
///
/// @param capacity how many users a device may have at a time; at least 1, 1 if absent
/// @param brokerSpec the workload for the devices, as in the resource definition: exactly one of `brokerPodSpec`
///     (a core/v1 PodSpec), `brokerJobSpec` (a batch/v1 JobSpec) and the other kinds; none if absent
/// @param instanceServiceSpec a core/v1 ServiceSpec, for one Service per device
/// @param configurationServiceSpec a core/v1 ServiceSpec, for one Service over all devices
/// @param brokerProperties environment of every container that is given a device; wins over the device's own properties
/// @param gracePeriod how long a device may be missing before it is offline; 10 s if absent
/// @param nodeSelector labels a node must have to look for these devices; all nodes if empty
/// @param admissionRules decide about new devices, the first that fits; where none does, `admission` decides
/// @param consumers whose Pods may ask for the devices, beside those of the Configuration's own namespace; nobody's if
///     absent
/// @param deviceResources of which devices the kubelet knows by a resource of their own; all if absent. Only with
///     `exposure` `DevicePlugin`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigurationSpec(
        @Valid @NotNull DiscoveryHandlerSpec discoveryHandler,
        @Min(1) @Max(1000) @Nullable Integer capacity,
        @Nullable Map<String, Object> brokerSpec,
        @Nullable Map<String, Object> instanceServiceSpec,
        @Nullable Map<String, Object> configurationServiceSpec,
        @Nullable Map<String, String> brokerProperties,
        @Nullable Duration gracePeriod,
        @Nullable Map<String, String> nodeSelector,
        @Nullable AdmissionMode admission,
        @Nullable Exposure exposure,
        @Size(max = 64) @Nullable List<@Valid AdmissionRule> admissionRules,
        @Valid @Nullable Consumers consumers,
        @Nullable DeviceResources deviceResources) {

    /// How long a device may be missing before it is offline, unless the Configuration says otherwise.
    public static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(10);

    public ConfigurationSpec {
        capacity = capacity == null ? 1 : capacity;
        brokerSpec = orNone(brokerSpec);
        instanceServiceSpec = orNone(instanceServiceSpec);
        configurationServiceSpec = orNone(configurationServiceSpec);
        brokerProperties = brokerProperties == null ? Map.of() : Map.copyOf(brokerProperties);
        gracePeriod = gracePeriod == null ? DEFAULT_GRACE_PERIOD : gracePeriod;
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        admission = admission == null ? AdmissionMode.AUTOMATIC : admission;
        exposure = exposure == null ? Exposure.DEVICE_PLUGIN : exposure;
        admissionRules = admissionRules == null ? List.of() : List.copyOf(admissionRules);
        deviceResources = deviceResources == null ? DeviceResources.PER_DEVICE : deviceResources;
    }

    /// An empty one describes nothing; generated clients send it where nothing was said.
    private static @Nullable Map<String, Object> orNone(@Nullable Map<String, Object> part) {
        return part == null || part.isEmpty() ? null : part;
    }

    /// A Configuration without admission rules, for its own namespace.
    public ConfigurationSpec(
            DiscoveryHandlerSpec discoveryHandler,
            @Nullable Integer capacity,
            @Nullable Map<String, Object> brokerSpec,
            @Nullable Map<String, Object> instanceServiceSpec,
            @Nullable Map<String, Object> configurationServiceSpec,
            @Nullable Map<String, String> brokerProperties,
            @Nullable Duration gracePeriod,
            @Nullable Map<String, String> nodeSelector,
            @Nullable AdmissionMode admission,
            @Nullable Exposure exposure) {
        this(
                discoveryHandler,
                capacity,
                brokerSpec,
                instanceServiceSpec,
                configurationServiceSpec,
                brokerProperties,
                gracePeriod,
                nodeSelector,
                admission,
                exposure,
                null,
                null,
                null);
    }

    /// A Configuration that looks for devices and runs nothing, with everything else at its default.
    public static ConfigurationSpec of(DiscoveryHandlerSpec handler, int capacity) {
        return new ConfigurationSpec(handler, capacity, null, null, null, null, null, null, null, null);
    }

    /// @param newAdmission null to keep it
    /// @param newRules null to keep them
    public ConfigurationSpec withAdmission(
            @Nullable AdmissionMode newAdmission, @Nullable List<AdmissionRule> newRules) {
        return new ConfigurationSpec(
                discoveryHandler,
                capacity,
                brokerSpec,
                instanceServiceSpec,
                configurationServiceSpec,
                brokerProperties,
                gracePeriod,
                nodeSelector,
                newAdmission == null ? admission : newAdmission,
                exposure,
                newRules == null ? admissionRules : newRules,
                consumers,
                deviceResources);
    }

    /// @param others null for none
    public ConfigurationSpec withConsumers(@Nullable Consumers others) {
        return new ConfigurationSpec(
                discoveryHandler,
                capacity,
                brokerSpec,
                instanceServiceSpec,
                configurationServiceSpec,
                brokerProperties,
                gracePeriod,
                nodeSelector,
                admission,
                exposure,
                admissionRules,
                others,
                deviceResources);
    }

    /// @param choice null for the default
    public ConfigurationSpec withDeviceResources(@Nullable DeviceResources choice) {
        return new ConfigurationSpec(
                discoveryHandler,
                capacity,
                brokerSpec,
                instanceServiceSpec,
                configurationServiceSpec,
                brokerProperties,
                gracePeriod,
                nodeSelector,
                admission,
                exposure,
                admissionRules,
                consumers,
                choice);
    }

    @Override
    public Integer capacity() {
        return capacity == null ? 1 : capacity;
    }

    @Override
    public Map<String, String> brokerProperties() {
        return brokerProperties == null ? Map.of() : brokerProperties;
    }

    @Override
    public Duration gracePeriod() {
        return gracePeriod == null ? DEFAULT_GRACE_PERIOD : gracePeriod;
    }

    @Override
    public Map<String, String> nodeSelector() {
        return nodeSelector == null ? Map.of() : nodeSelector;
    }

    @Override
    public AdmissionMode admission() {
        return admission == null ? AdmissionMode.AUTOMATIC : admission;
    }

    @Override
    public Exposure exposure() {
        return exposure == null ? Exposure.DEVICE_PLUGIN : exposure;
    }

    @Override
    public List<AdmissionRule> admissionRules() {
        return admissionRules == null ? List.of() : admissionRules;
    }

    @Override
    public DeviceResources deviceResources() {
        return deviceResources == null ? DeviceResources.PER_DEVICE : deviceResources;
    }

    /// Who may ask for the devices from other namespaces than the Configuration's own.
    ///
    /// @param namespaces their names, or [#EVERY_NAMESPACE]
    public record Consumers(@NotNull @Size(max = 64) List<@NotNull @Size(max = 63) String> namespaces) {

        /// Stands for all namespaces.
        public static final String EVERY_NAMESPACE = "*";

        public Consumers {
            namespaces = List.copyOf(namespaces);
        }

        /// @return whether Pods of this namespace may ask
        public boolean include(String namespace) {
            return namespaces.contains(EVERY_NAMESPACE) || namespaces.contains(namespace);
        }
    }

    /// Which extended resources a kubelet is offered. Each costs the kubelet and the API server memory, so where there
    /// are hundreds of devices that nobody asks for by name, one for all of them is better.
    public enum DeviceResources {
        /// One for each device, and one that stands for any device of the Configuration.
        @JsonProperty("PerDevice")
        PER_DEVICE,
        /// Only the one that stands for any device of the Configuration.
        @JsonProperty("ConfigurationOnly")
        CONFIGURATION_ONLY
    }

    /// Whether a new device is exposed at once or waits for an operator's approval.
    public enum AdmissionMode {
        @JsonProperty("Automatic")
        AUTOMATIC,
        @JsonProperty("Manual")
        MANUAL
    }

    /// How Pods get a device.
    public enum Exposure {
        /// As a kubelet device plugin's extended resource.
        @JsonProperty("DevicePlugin")
        DEVICE_PLUGIN,
        /// Through Dynamic Resource Allocation (`resource.k8s.io/v1`).
        @JsonProperty("ResourceClaim")
        RESOURCE_CLAIM
    }
}
