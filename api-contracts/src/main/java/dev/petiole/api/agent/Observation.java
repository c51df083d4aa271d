package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One handler's full current list of devices for one Configuration on one node.
///
/// @param session the sender's session
/// @param sequence rises by at least one with each observation of the session; an older one is ignored
/// @param configurationUid with `generation` says what was looked for; a statement about another UID or an older
///     generation is ignored
/// @param handler the handler's name
/// @param shared whether other nodes can reach these devices too
/// @param state how discovery fares
/// @param reason see [dev.petiole.api.configuration.DiscoveryReason]; null when it runs well
/// @param message a sentence for people; null when it runs well
/// @param devices all devices now seen; **null says nothing about them** (the handler is not there, or has not answered
///     yet), the empty list says that there are none
/// @param partial true if a device that is not listed may be there all the same, since a part of the handler can't be
///     heard: then nothing is missed. Absent means false
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Observation(
        @NotBlank String session,
        @NotNull @Positive long sequence,
        @Valid @NotNull ConfigurationKey configuration,
        @NotBlank String configurationUid,
        @NotNull long generation,
        @NotBlank String handler,
        @NotNull boolean shared,
        @NotNull DiscoveryState state,
        @Nullable String reason,
        @Nullable String message,
        @Nullable List<@Valid ObservedDevice> devices,
        @Nullable Boolean partial) {

    public Observation {
        devices = devices == null ? null : List.copyOf(devices);
    }

    /// An observation that is not partial.
    public Observation(
            String session,
            long sequence,
            ConfigurationKey configuration,
            String configurationUid,
            long generation,
            String handler,
            boolean shared,
            DiscoveryState state,
            @Nullable String reason,
            @Nullable String message,
            @Nullable List<ObservedDevice> devices) {
        this(
                session,
                sequence,
                configuration,
                configurationUid,
                generation,
                handler,
                shared,
                state,
                reason,
                message,
                devices,
                null);
    }

    /// @return whether what is not listed is not there
    @JsonIgnore
    public boolean isComplete() {
        return !Boolean.TRUE.equals(partial);
    }

    /// A device as a handler sees it.
    ///
    /// @param identity unique among the handler's devices for this Configuration
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ObservedDevice(
            @NotBlank String identity, @NotNull Map<String, String> properties) {
        public ObservedDevice {
            properties = Map.copyOf(properties);
        }
    }
}
