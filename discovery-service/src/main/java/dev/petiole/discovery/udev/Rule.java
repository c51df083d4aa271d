package dev.petiole.discovery.udev;

import java.util.List;

/// One udev rule, reduced to its conditions (udev(7)).
///
/// @param own conditions on the device itself
/// @param ancestral conditions that one and the same device out of the device and its ancestors must fulfil together
record Rule(List<Condition> own, List<Condition> ancestral) {

    Rule {
        own = List.copyOf(own);
        ancestral = List.copyOf(ancestral);
    }

    static Rule of(List<Condition> conditions) {
        return new Rule(
                conditions.stream()
                        .filter(condition -> !condition.key().isAncestral())
                        .toList(),
                conditions.stream()
                        .filter(condition -> condition.key().isAncestral())
                        .toList());
    }

    boolean matches(SysfsDevice device) {
        return own.stream().allMatch(condition -> condition.holdsFor(device)) && matchesSomeAncestor(device);
    }

    private boolean matchesSomeAncestor(SysfsDevice device) {
        if (ancestral.isEmpty()) {
            return true;
        }
        return device.selfAndAncestors()
                .anyMatch(candidate -> ancestral.stream().allMatch(condition -> condition.holdsFor(candidate)));
    }
}
