package dev.petiole.samples.scale;

import java.util.Map;

/// What makes one scale differ from another.
///
/// @param name the scale's name, unique in the store
/// @param host the host name in the endpoint URL it advertises
/// @param port the TCP port it listens on
/// @param item what lies on it
/// @param itemWeightGrams the weight of one item
/// @param seed makes the shoppers' behaviour repeatable
public record ScaleSettings(String name, String host, int port, String item, int itemWeightGrams, long seed) {

    private static final int OPC_UA_PORT = 4840;

    public ScaleSettings {
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9.-]*")) {
            throw new IllegalArgumentException("SCALE_NAME: '%s' (expected: letters, digits, . and -)".formatted(name));
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("SCALE_PORT: %d (expected: 1 to 65535)".formatted(port));
        }
        if (itemWeightGrams < 1) {
            throw new IllegalArgumentException("ITEM_WEIGHT_GRAMS: %d (expected: >= 1)".formatted(itemWeightGrams));
        }
    }

    /// Reads the settings from environment variables; each has a default.
    ///
    /// @throws IllegalArgumentException naming the variable that makes no sense
    public static ScaleSettings from(Map<String, String> environment) {
        String name = environment.getOrDefault("SCALE_NAME", "scale");
        return new ScaleSettings(
                name,
                environment.getOrDefault("SCALE_HOST", "localhost"),
                Math.toIntExact(number(environment, "SCALE_PORT", OPC_UA_PORT)),
                environment.getOrDefault("ITEM", "Oat drink, 1 l"),
                Math.toIntExact(number(environment, "ITEM_WEIGHT_GRAMS", 1050)),
                number(environment, "SEED", name.hashCode()));
    }

    /// The OPC UA ApplicationUri: the scale's identity, whatever its address.
    String applicationUri() {
        return "urn:petiole:samples:shelf-scale:" + name;
    }

    private static long number(Map<String, String> environment, String key, long ifAbsent) {
        String text = environment.get(key);
        if (text == null || text.isBlank()) {
            return ifAbsent;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s: '%s' (expected: a whole number)".formatted(key, text), e);
        }
    }
}
