package dev.petiole.api.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petiole.api.watch.Tagged;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a device is as it is, in words for an operator.
///
/// @param device its name
/// @param summary one or two sentences
/// @param reasons what it follows from
/// @param resourceVersion the state of the registry that is explained
public record DeviceExplanation(String device, String summary, List<Reason> reasons, String resourceVersion)
        implements Tagged {

    public DeviceExplanation {
        reasons = List.copyOf(reasons);
    }

    /// One thing it follows from.
    ///
    /// @param about which side of the device
    /// @param code CamelCase and of few values, for programs
    /// @param message a sentence for people
    /// @param since since when it holds; null if there is no telling
    /// @param node the node concerned; null if none alone is
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reason(
            About about,
            String code,
            String message,
            @Nullable Instant since,
            @Nullable String node) {}

    /// The sides of a device.
    public enum About {
        @JsonProperty("Presence")
        PRESENCE,
        @JsonProperty("Admission")
        ADMISSION,
        @JsonProperty("Discovery")
        DISCOVERY,
        @JsonProperty("Slots")
        SLOTS,
        @JsonProperty("Exposure")
        EXPOSURE
    }
}
