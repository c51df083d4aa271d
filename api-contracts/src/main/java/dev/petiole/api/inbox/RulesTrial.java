package dev.petiole.api.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.watch.Tagged;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What rules would have done.
///
/// @param approved how many devices they would approve
/// @param ignored how many they would ignore
/// @param pending how many would wait
/// @param outcomes the first 1000 devices, ordered by name
/// @param resourceVersion the state of the registry on which they were tried
public record RulesTrial(int approved, int ignored, int pending, List<Outcome> outcomes, String resourceVersion)
        implements Tagged {

    public RulesTrial {
        outcomes = List.copyOf(outcomes);
    }

    /// What they would have done with one device if nobody had decided about it.
    ///
    /// @param admission as it is now
    /// @param outcome as it would be
    /// @param rule the one that fits; null if none does
    /// @param why a sentence for people
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Outcome(
            String device,
            Admission admission,
            Admission outcome,
            @Nullable String rule,
            String why) {}
}
