package dev.petiole.api.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.configuration.AdmissionRule;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules to be tried on the devices of a Configuration.
///
/// @param rules those that the Configuration has, if absent
/// @param admission as the Configuration has it, if absent
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RulesTrialRequest(
        @Valid @NotNull ConfigurationKey configuration,
        @Nullable AdmissionMode admission,
        @Size(max = 64) @Nullable List<@Valid AdmissionRule> rules) {

    public RulesTrialRequest {
        rules = rules == null ? null : List.copyOf(rules);
    }
}
