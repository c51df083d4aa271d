package dev.petiole.api.handler;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where a discovery handler runs.
public enum HandlerKind {
    /// In the discovery service.
    @JsonProperty("BuiltIn")
    BUILT_IN,
    /// In a process of its own that has registered with the discovery service.
    @JsonProperty("External")
    EXTERNAL
}
