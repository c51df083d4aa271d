package dev.petiole.discovery.property;

import java.util.Map;

/// What a look at a Secret or ConfigMap has shown.
sealed interface Content {

    /// It is there.
    ///
    /// @param resourceVersion changes with every change of the object
    record Present(String resourceVersion, Map<String, String> values) implements Content {
        public Present {
            values = Map.copyOf(values);
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
