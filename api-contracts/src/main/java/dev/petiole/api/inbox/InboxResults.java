package dev.petiole.api.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.device.Device.Admission;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of many decisions.
///
/// @param dryRun whether nothing was changed
/// @param results in the order of the request
public record InboxResults(boolean dryRun, List<Result> results) {

    public InboxResults {
        results = List.copyOf(results);
    }

    /// What became of one.
    ///
    /// @param status as the answer would have to a request of its own
    /// @param admission as it is now; null if there is no such device
    /// @param resourceVersion as it is now; null if the item was refused
    /// @param problem why it was refused; null if it was not
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            DeviceRef device,
            int status,
            @Nullable Admission admission,
            @Nullable String resourceVersion,
            @Nullable ItemProblem problem) {}

    /// As in a problem of its own (RFC 9457).
    public record ItemProblem(URI type, String title, String detail) {}
}
