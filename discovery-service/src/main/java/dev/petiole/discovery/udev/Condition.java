package dev.petiole.discovery.udev;

import java.util.Optional;
import java.util.Set;

/// One comparison of a rule, such as `ATTR{idVendor}=="046d"`.
///
/// @param argument the name in braces; empty for keys without one
/// @param isNegated whether the operator is `!=`
record Condition(Key key, String argument, boolean isNegated, Glob pattern) {

    boolean holdsFor(SysfsDevice device) {
        return switch (key) {
            case ATTR, ATTRS -> holdsForAttribute(device);
            case DEVPATH -> compare(device.devpath());
            case DRIVER, DRIVERS -> compare(device.driver());
            case ENV -> compare(device.property(argument));
            case KERNEL, KERNELS -> compare(device.sysname());
            case SUBSYSTEM, SUBSYSTEMS -> compare(device.subsystem());
            case TAG, TAGS -> holdsForTags(device.tags());
        };
    }

    /// A device without the attribute fulfils neither `==` nor `!=`, as in udev; a missing property counts as empty.
    private boolean holdsForAttribute(SysfsDevice device) {
        Optional<String> value = device.findAttribute(argument);
        return value.isPresent()
                && compare(pattern.endsWithBlank() ? value.get() : value.get().stripTrailing());
    }

    private boolean holdsForTags(Set<String> tags) {
        boolean isMatched = tags.isEmpty() ? pattern.matches("") : tags.stream().anyMatch(pattern::matches);
        return isMatched != isNegated;
    }

    private boolean compare(String value) {
        return pattern.matches(value) != isNegated;
    }
}
