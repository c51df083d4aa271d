package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.node.Node;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A discovery service's proof of life.
///
/// @param session the one the last lease returned; null on the first request, which begins a new session and ends
///     older ones of the node
/// @param handlers all handlers on the node, in full
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LeaseRequest(
        @Nullable String session, @NotNull List<Node.OfferedHandler> handlers) {
    public LeaseRequest {
        handlers = List.copyOf(handlers);
    }
}
