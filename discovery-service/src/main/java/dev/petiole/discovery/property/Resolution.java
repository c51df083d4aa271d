package dev.petiole.discovery.property;

import java.util.Map;
import java.util.Set;

/// What is known of a Configuration's properties.
public sealed interface Resolution {

    /// All of them; an optional one that is not there is left out.
    ///
    /// @param origins where those come from that are not in the Configuration itself, such as `Secret
    ///     shop/cameras`, by the property's name
    /// @param binary the names of those that are no text; see [dev.petiole.discovery.handler.HandlerInput]
    record Resolved(Map<String, String> values, Map<String, String> origins, Set<String> binary) implements Resolution {
        public Resolved {
            values = Map.copyOf(values);
            origins = Map.copyOf(origins);
            binary = Set.copyOf(binary);
        }

        /// Leaves out the values, which may be secrets.
        @Override
        public String toString() {
            return "Resolved" + values.keySet();
        }
    }

    /// One of them can't be had.
    ///
    /// @param reason see [dev.petiole.api.configuration.DiscoveryReason]
    /// @param message names it, with the remedy
    record Unresolved(String reason, String message) implements Resolution {}

    /// One of them has not been looked up yet.
    record Pending() implements Resolution {}
}
