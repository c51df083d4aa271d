package dev.petiole.discovery.udev;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What udevd wrote down about a device.
///
/// @param tags those that its rules gave it for its newest event
record UdevRecord(Map<String, String> properties, Set<String> tags) {

    static final UdevRecord NONE = new UdevRecord(Map.of(), Set.of());

    UdevRecord {
        properties = Map.copyOf(properties);
        tags = Set.copyOf(tags);
    }

    /// Reads a file of `/run/udev/data`: `E:` is a property, `G:` a tag it ever had, `Q:` a tag it has now. Before
    /// systemd 247 there is no `Q:`.
    static UdevRecord parse(List<String> lines) {
        var properties = new HashMap<String, String>();
        var everTags = new HashSet<String>();
        var currentTags = new HashSet<String>();
        for (String line : lines) {
            if (line.length() < 2 || line.charAt(1) != ':') {
                continue;
            }
            String rest = line.substring(2);
            switch (line.charAt(0)) {
                case 'E' -> {
                    int equals = rest.indexOf('=');
                    if (equals > 0) {
                        properties.put(rest.substring(0, equals), rest.substring(equals + 1));
                    }
                }
                case 'G' -> everTags.add(rest);
                case 'Q' -> currentTags.add(rest);
                default -> {
                    // Links, priorities and times don't tell devices apart.
                }
            }
        }
        return new UdevRecord(properties, currentTags.isEmpty() ? everTags : currentTags);
    }
}
