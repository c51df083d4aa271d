package dev.petiole.api.handler;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a discovery handler, or one way to it, fares.
public enum HandlerState {
    /// It can be used.
    @JsonProperty("Ready")
    READY,
    /// It can be used in part.
    @JsonProperty("Degraded")
    DEGRADED,
    /// It can't be used now. The devices it has reported stay.
    @JsonProperty("Unavailable")
    UNAVAILABLE
}
