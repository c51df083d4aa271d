package dev.petiole.discovery.debugecho;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.InvalidDetails;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/// Discovery details as they are written.
///
/// @param descriptions one device each
/// @param nodes the nodes that see the devices; all if absent
/// @param flap how long the devices are there, and then away, in turns
/// @param slow how long the first list takes
/// @param failAfter when the discovery fails, each time it is run
record DebugEchoDetails(
        @Nullable List<String> descriptions,
        @Nullable List<String> nodes,
        @Nullable String flap,
        @Nullable String slow,
        @Nullable String failAfter) {

    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofHours(1);

    /// @throws InvalidDetails naming the field that makes no sense
    Script toScript() {
        List<String> given = descriptions;
        if (given == null) {
            throw new InvalidDetails("discoveryDetails.descriptions: missing (expected: a list of device names)");
        }
        if (given.stream().anyMatch(description -> description == null || description.isBlank())) {
            throw new InvalidDetails("discoveryDetails.descriptions: has an empty entry (expected: device names)");
        }
        List<DiscoveredDevice> devices = given.stream()
                .distinct()
                .map(description ->
                        DiscoveredDevice.of(description, Map.of(DebugEchoHandler.DESCRIPTION_PROPERTY, description)))
                .toList();
        return new Script(
                devices,
                nodes == null ? Set.of() : Set.copyOf(nodes),
                duration("flap", flap),
                duration("slow", slow),
                duration("failAfter", failAfter));
    }

    private static Duration duration(String field, @Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(text.strip());
            if (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidDetails(expected(field, text), e);
        }
        throw new InvalidDetails(expected(field, text));
    }

    private static String expected(String field, String text) {
        return "discoveryDetails." + field + ": '" + text + "' (expected: a duration from 50ms to 1h, such as 2s)";
    }
}
