package dev.petiole.api.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.device.Device.Admission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One decision about many devices.
///
/// @param admission see [dev.petiole.api.device.AdmissionWrite]
/// @param why for the devices' histories
/// @param devices at most 1000
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InboxDecisions(
        @NotNull Admission admission,
        @Size(max = 1024) @Nullable String why,
        @NotEmpty @Size(max = 1000) List<@Valid Item> devices) {

    public InboxDecisions {
        devices = List.copyOf(devices);
    }

    /// A device as the decider has seen it.
    ///
    /// @param resourceVersion as it was listed: the item is refused if its admission has changed since. It must be
    ///     given where the decision changes anything
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            @NotBlank @Size(max = 63) String group,
            @NotBlank @Size(max = 63) String namespace,
            @NotBlank @Size(max = 264) String name,
            @Size(max = 64) @Nullable String resourceVersion) {}
}
