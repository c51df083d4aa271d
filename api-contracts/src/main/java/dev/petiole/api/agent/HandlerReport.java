package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All discovery handlers of a node, in full: one that is not listed is there no more.
///
/// @param sequence rises with each report of the session; an older one is ignored
@JsonIgnoreProperties(ignoreUnknown = true)
public record HandlerReport(
        @NotBlank String session,
        @NotNull @Positive long sequence,
        @NotNull List<@Valid ReportedHandler> handlers) {

    public HandlerReport {
        handlers = List.copyOf(handlers);
    }

    /// A handler as its discovery service knows it.
    ///
    /// @param message a sentence for people; null while all is well
    /// @param detailsSchema see [dev.petiole.api.handler.Handler]
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ReportedHandler(
            @NotBlank String name,
            @NotNull HandlerKind kind,
            @NotNull boolean shared,
            @NotNull HandlerState state,
            @Nullable String message,
            @Nullable Map<String, Object> detailsSchema,
            @NotNull List<@Valid ReportedEndpoint> endpoints) {
        public ReportedHandler {
            endpoints = List.copyOf(endpoints);
        }
    }

    /// One way to an external handler.
    ///
    /// @param message as of the handler
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ReportedEndpoint(
            @NotBlank String address,
            @NotNull HandlerState state,
            @Nullable String message) {}
}
