package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides about new devices in an operator's place. The first rule that fits a device about which nobody has
/// decided yet decides; where none fits, the Configuration's `admission` does. A rule fits if the device is one
/// of `devices` (or there are none), all of `match` hold, and none of `block` does.
///
/// @param name unique among the Configuration's rules; the history tells by it which rule decided
/// @param decide what becomes of the device; Approve if absent
/// @param devices names of devices; all devices if empty
/// @param match what must hold of the device's properties
/// @param block what must not hold of them; a single match is enough to keep the rule from fitting
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AdmissionRule(
        @NotBlank @Size(max = 63) @Pattern(
                regexp = "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
                message = "must be a DNS label: lower-case letters, digits and '-'")
        String name,

        @Nullable Decision decide,
        @Size(max = 1000) @Nullable List<@NotBlank @Size(max = 264) String> devices,

        @Size(max = 32) @Nullable List<@Valid PropertyMatch> match,
        @Size(max = 32) @Nullable List<@Valid PropertyMatch> block) {

    public AdmissionRule {
        decide = decide == null ? Decision.APPROVE : decide;
        devices = devices == null ? List.of() : List.copyOf(devices);
        match = match == null ? List.of() : List.copyOf(match);
        block = block == null ? List.of() : List.copyOf(block);
    }

    @Override
    public Decision decide() {
        return decide == null ? Decision.APPROVE : decide;
    }

    @Override
    public List<String> devices() {
        return devices == null ? List.of() : devices;
    }

    @Override
    public List<PropertyMatch> match() {
        return match == null ? List.of() : match;
    }

    @Override
    public List<PropertyMatch> block() {
        return block == null ? List.of() : block;
    }

    /// What a rule does with a device.
    public enum Decision {
        /// It is exposed.
        @JsonProperty("Approve")
        APPROVE,
        /// It is not exposed, now and whenever it is seen again.
        @JsonProperty("Ignore")
        IGNORE
    }

    /// A condition on one property of a device.
    ///
    /// @param property its name, such as `OPCUA_APPLICATION_URI`
    /// @param operator In if absent
    /// @param values one of them must fit; none for Exists
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record PropertyMatch(
            @NotBlank @Size(max = 253) String property,

            @Nullable Operator operator,
            @Size(max = 64) @Nullable List<@Size(max = 1024) String> values) {

        public PropertyMatch {
            operator = operator == null ? Operator.IN : operator;
            values = values == null ? List.of() : List.copyOf(values);
        }

        @Override
        public Operator operator() {
            return operator == null ? Operator.IN : operator;
        }

        @Override
        public List<String> values() {
            return values == null ? List.of() : values;
        }
    }

    /// How a property's value is compared.
    public enum Operator {
        /// It is one of the values.
        @JsonProperty("In")
        IN,
        /// It is like one of the values, in which `*` stands for any characters and `?` for any one.
        @JsonProperty("Like")
        LIKE,
        /// The device has the property, whatever its value.
        @JsonProperty("Exists")
        EXISTS
    }
}
