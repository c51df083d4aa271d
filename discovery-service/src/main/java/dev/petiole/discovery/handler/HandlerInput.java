package dev.petiole.discovery.handler;

import java.util.Map;

/// What a Configuration tells a handler.
///
/// @param details the handler's own language; may be empty
/// @param properties named values, such as credentials
public record HandlerInput(String details, Map<String, String> properties) {

    public HandlerInput {
        properties = Map.copyOf(properties);
    }

    /// Input without properties.
    public static HandlerInput of(String details) {
        return new HandlerInput(details, Map.of());
    }

    /// Leaves out the properties' values, which may be secrets.
    @Override
    public String toString() {
        return "HandlerInput[details=" + details + ", properties=" + properties.keySet() + "]";
    }
}
