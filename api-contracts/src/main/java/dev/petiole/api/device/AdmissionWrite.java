package dev.petiole.api.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.device.Device.Admission;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// A decision about a device.
///
/// @param admission Approved to have it exposed, Ignored to keep it out whenever it is seen; Pending leaves it to
///     the Configuration's rules again
/// @param why for the device's history
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AdmissionWrite(
        @NotNull Admission admission,
        @Size(max = 1024) @Nullable String why) {}
