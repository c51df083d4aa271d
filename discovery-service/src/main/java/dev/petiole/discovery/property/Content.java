package dev.petiole.discovery.property;

import java.util.Map;
import java.util.Set;

/// What a look at a Secret or ConfigMap has shown.
sealed interface Content {

    /// It is there.
    ///
    /// @param resourceVersion changes with every change of the object
    /// @param binary the keys whose values are no text; see [dev.petiole.discovery.handler.HandlerInput]
    record Present(String resourceVersion, Map<String, String> values, Set<String> binary) implements Content {
        public Present {
            values = Map.copyOf(values);
            binary = Set.copyOf(binary);
        }

        /// Leaves out the values, which are secrets.
        @Override
        public String toString() {
            return "Present" + values.keySet();
        }
    }

    /// There is none.
    record Absent() implements Content {}

    /// It may not be looked at.
    record Denied() implements Content {}

    /// The Kubernetes API does not answer as it should.
    record Unreachable(String why) implements Content {}
}
