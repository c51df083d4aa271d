package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All claims that a node can't prove free, in full: the registry releases every other claim of the node and
/// re-establishes those it does not know.
///
/// @param sequence rises with each report of the session; an older one is ignored
/// @param pending claims that are asked for and not answered yet: they are neither released nor re-established
@JsonIgnoreProperties(ignoreUnknown = true)
public record UsageReport(
        @NotBlank String session,
        @NotNull @Positive long sequence,
        @NotNull List<@Valid Use> uses,
        @Nullable List<@Valid Use> pending) {

    public UsageReport {
        uses = List.copyOf(uses);
        pending = pending == null ? List.of() : List.copyOf(pending);
    }

    @Override
    public List<Use> pending() {
        return pending == null ? List.of() : pending;
    }

    /// One slot in use.
    ///
    /// @param namespace of the Pod; null until the kubelet has told
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Use(
            @Valid @NotNull DeviceRef device,
            @NotBlank String resource,
            @NotBlank String kubeletDeviceId,
            @Nullable String namespace,
            @Nullable String pod,
            @Nullable String container) {}
}
