package dev.petiole.discovery.handler;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/// What a Configuration tells a handler.
///
/// @param details the handler's own language; may be empty
/// @param properties named values, such as credentials
/// @param binary the names of those that are no text (UTF-8): each character stands for the byte of its number
public record HandlerInput(String details, Map<String, String> properties, Set<String> binary) {

    public HandlerInput {
        properties = Map.copyOf(properties);
        binary = Set.copyOf(binary);
    }

    /// Input whose properties are texts.
    public HandlerInput(String details, Map<String, String> properties) {
        this(details, properties, Set.of());
    }

    /// @return the bytes of a property's value
    public byte[] bytes(String property) {
        return properties
                .getOrDefault(property, "")
                .getBytes(binary.contains(property) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
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
