package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.InvalidDetails;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Discovery details as they are written.
///
/// @param udevRules a device is found if it fulfils any of them
/// @param groupRecursive whether a device and the found devices below it are one
/// @param permissions what a container may do with the device nodes: `r`ead, `w`rite, `m`knod; `rwm` if absent
/// @param properties more values for brokers, such as `ATTR{speed}`; none if absent
record UdevDetails(
        @Nullable List<String> udevRules,
        @Nullable Boolean groupRecursive,
        @Nullable String permissions,
        @Nullable List<String> properties) {

    private static final String DEFAULT_PERMISSIONS = "rwm";
    private static final Set<String> PERMISSIONS = Set.of("r", "w", "m", "rw", "rm", "wm", "rwm");
    private static final int MAX_RULES = 256;
    private static final int MAX_PROPERTIES = 64;

    /// @throws InvalidDetails naming the field that makes no sense
    UdevQuery toQuery(KubeVirt kubeVirt) {
        List<String> given = udevRules;
        if (given == null) {
            throw new InvalidDetails(
                    "discoveryDetails.udevRules: missing (expected: a list of rules such as 'KERNEL==\"video[0-9]*\"')");
        }
        if (given.isEmpty() || given.size() > MAX_RULES) {
            throw new InvalidDetails(
                    "discoveryDetails.udevRules: " + given.size() + " rules (expected: 1 to " + MAX_RULES + ")");
        }
        String allowed = permissions == null ? DEFAULT_PERMISSIONS : permissions;
        if (!PERMISSIONS.contains(allowed)) {
            throw new InvalidDetails(
                    "discoveryDetails.permissions: '" + allowed + "' (expected: r, w, m, rw, rm, wm or rwm)");
        }
        List<Rule> rules = IntStream.range(0, given.size())
                .mapToObj(i -> RuleParser.parse("discoveryDetails.udevRules[" + i + "]", given.get(i)))
                .toList();
        return new UdevQuery(rules, Boolean.TRUE.equals(groupRecursive), allowed, requested(), kubeVirt);
    }

    private List<RequestedProperty> requested() {
        List<String> given = properties == null ? List.of() : properties;
        if (given.size() > MAX_PROPERTIES) {
            throw new InvalidDetails("discoveryDetails.properties: " + given.size() + " properties (expected: at most "
                    + MAX_PROPERTIES + ")");
        }
        return IntStream.range(0, given.size())
                .mapToObj(i -> RequestedProperty.parse("discoveryDetails.properties[" + i + "]", given.get(i)))
                .distinct()
                .toList();
    }
}
