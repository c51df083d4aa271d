package dev.petiole.api.caller;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who calls, and what they may do.
///
/// @param name as it appears in devices' histories
/// @param node the node that a discovery service speaks for; null for everybody else
/// @param roles viewer, operator or admin and those they include; agent or scheduler for Petiole's own services
/// @param may what the caller may do
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Me(String name, Kind kind, @Nullable String node, List<String> roles, List<Permission> may) {

    public Me {
        roles = List.copyOf(roles);
        may = List.copyOf(may);
    }

    /// What kinds of callers there are.
    public enum Kind {
        /// Nobody has to say who they are.
        @JsonProperty("Anonymous")
        ANONYMOUS,
        /// A part of Petiole.
        @JsonProperty("Service")
        SERVICE,
        /// Somebody else with a valid token.
        @JsonProperty("Person")
        PERSON
    }

    /// What may be done with one kind of thing.
    ///
    /// @param resource such as `configurations`
    /// @param verbs such as `read`, `create`, `change`, `remove`, `decide`
    public record Permission(String resource, List<String> verbs) {
        public Permission {
            verbs = List.copyOf(verbs);
        }
    }
}
