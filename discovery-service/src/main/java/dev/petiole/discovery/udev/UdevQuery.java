package dev.petiole.discovery.udev;

import java.util.List;

/// What one Configuration looks for.
///
/// @param permissions of a container on the device nodes
record UdevQuery(List<Rule> rules, boolean isGrouped, String permissions) {

    UdevQuery {
        rules = List.copyOf(rules);
    }

    boolean matches(SysfsDevice device) {
        return rules.stream().anyMatch(rule -> rule.matches(device));
    }
}
