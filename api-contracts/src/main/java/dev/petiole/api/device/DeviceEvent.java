package dev.petiole.api.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happened to a device.
///
/// @param at when
/// @param type what
/// @param by who or what brought it about: `node <name>`, `rule <name>`, `registry`, or a caller's name
/// @param why a sentence for people; null if nobody gave a reason
/// @param node the node concerned; null if none alone is
/// @param slot the index of the slot concerned; null if it is not about a slot
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeviceEvent(
        Instant at,
        Type type,
        String by,
        @Nullable String why,
        @Nullable String node,
        @Nullable Integer slot) {

    /// What can happen.
    public enum Type {
        /// A node sees it.
        @JsonProperty("Online")
        ONLINE,
        /// No node's handler lists it any more.
        @JsonProperty("Missing")
        MISSING,
        /// The nodes that saw it are silent.
        @JsonProperty("Unknown")
        UNKNOWN,
        /// It was missing for longer than the grace period.
        @JsonProperty("Offline")
        OFFLINE,
        /// It waits for a decision.
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Approved")
        APPROVED,
        @JsonProperty("Ignored")
        IGNORED,
        /// A slot was granted.
        @JsonProperty("Claimed")
        CLAIMED,
        /// A slot is free again.
        @JsonProperty("Released")
        RELEASED,
        /// Its record was removed.
        @JsonProperty("Removed")
        REMOVED
    }
}
