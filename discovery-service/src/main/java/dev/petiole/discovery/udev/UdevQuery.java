package dev.petiole.discovery.udev;

import java.util.List;

/// What one Configuration looks for.
///
/// @param permissions of a container on the device nodes
/// @param requested values beyond the usual ones
record UdevQuery(
        List<Rule> rules, boolean isGrouped, String permissions, List<RequestedProperty> requested, KubeVirt kubeVirt) {

    UdevQuery {
        rules = List.copyOf(rules);
        requested = List.copyOf(requested);
    }

    boolean matches(SysfsDevice device) {
        return rules.stream().anyMatch(rule -> rule.matches(device));
    }
}
