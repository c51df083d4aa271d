package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRootName;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which discovery handler looks for the devices, and what it is told.
///
/// @param name a built-in handler (`udev`, `opcua`, `debugEcho`) or one that registered itself on a node
/// @param discoveryDetails the handler's own language, YAML for the built-in ones; empty if absent
/// @param discoveryProperties named values for the handler; empty if absent
public record DiscoveryHandlerSpec(
        @NotBlank @Size(max = 253) String name,
        @Nullable @Size(max = 65536) String discoveryDetails,
        @Nullable List<@Valid Property> discoveryProperties) {

    public DiscoveryHandlerSpec {
        discoveryDetails = discoveryDetails == null ? "" : discoveryDetails;
        discoveryProperties = discoveryProperties == null ? List.of() : List.copyOf(discoveryProperties);
    }

    @Override
    public String discoveryDetails() {
        return discoveryDetails == null ? "" : discoveryDetails;
    }

    @Override
    public List<Property> discoveryProperties() {
        return discoveryProperties == null ? List.of() : discoveryProperties;
    }

    /// A named value, given here or found in a Secret or ConfigMap.
    ///
    /// @param value wins over `valueFrom`
    @JsonRootName("DiscoveryProperty") // Its name in the API document: a property is a keyword of some languages.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Property(
            @NotBlank @Pattern(regexp = "[_A-Za-z][_A-Za-z0-9]*") String name,

            @Nullable String value,
            @Valid @Nullable ValueFrom valueFrom) {}

    /// Exactly one of the two.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ValueFrom(
            @Valid @Nullable KeyRef secretKeyRef,
            @Valid @Nullable KeyRef configMapKeyRef) {}

    /// A key of a Secret or ConfigMap.
    ///
    /// @param optional whether its absence just leaves the property out
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyRef(
            @NotBlank String name,
            @NotBlank String key,
            @Nullable String namespace,
            @Nullable Boolean optional) {}
}
