package dev.petiole.discovery.property;

import java.util.Map;

/// What is known of a Configuration's properties.
public sealed interface Resolution {

    /// All of them; an optional one that is not there is left out.
    ///
    /// @param origins where those come from that are not in the Configuration itself, such as `Secret
    ///     shop/cameras`, by the property's name
    record Resolved(Map<String, String> values, Map<String, String> origins) implements Resolution {
        public Resolved {
            values = Map.copyOf(values);
            origins = Map.copyOf(origins);
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
