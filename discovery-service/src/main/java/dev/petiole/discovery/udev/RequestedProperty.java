package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.InvalidDetails;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A value that brokers want beyond the usual ones, written as in a rule: `ATTR{speed}`, `ATTRS{bcdDevice}`,
/// `ENV{ID_PATH}`, `TAGS`.
///
/// @param argument the name in braces; empty for `TAGS`
record RequestedProperty(Key key, String argument) {

    private static final int MAX_LENGTH = 256;
    private static final int MAX_VALUE = 1024;
    private static final Pattern SYNTAX = Pattern.compile("(ATTR|ATTRS|ENV)\\{([A-Za-z0-9_./-]+)}|TAGS");

    /// @param field what to call it in a message
    /// @throws InvalidDetails if it is none of the four
    static RequestedProperty parse(String field, String text) {
        Matcher parts = SYNTAX.matcher(text.length() > MAX_LENGTH ? "" : text);
        if (!parts.matches()) {
            throw new InvalidDetails(field + ": '" + text + "' (expected: ATTR{name}, ATTRS{name}, ENV{NAME} or TAGS)");
        }
        return parts.group(1) == null
                ? new RequestedProperty(Key.TAGS, "")
                : new RequestedProperty(Key.valueOf(parts.group(1)), parts.group(2));
    }

    /// The environment variable, such as `UDEV_ATTR_SPEED`.
    String name() {
        String suffix = argument.isEmpty() ? "" : "_" + argument.replaceAll("[^A-Za-z0-9_]", "_");
        return "UDEV_" + key + suffix.toUpperCase(Locale.ROOT);
    }

    /// What the device says; empty if it does not have it. Tags are listed with commas between them.
    Optional<String> find(SysfsDevice device) {
        return switch (key) {
            case ATTR -> device.findAttribute(argument);
            case ATTRS ->
                device.selfAndAncestors()
                        .flatMap(candidate -> candidate.findAttribute(argument).stream())
                        .findFirst();
            case ENV -> Optional.of(device.property(argument));
            case TAGS -> Optional.of(new TreeSet<>(device.tags()).stream().collect(Collectors.joining(",")));
            case DEVPATH, DRIVER, DRIVERS, KERNEL, KERNELS, SUBSYSTEM, SUBSYSTEMS, TAG -> Optional.empty();
        };
    }

    /// The same, made fit for an environment variable.
    Optional<String> findText(SysfsDevice device) {
        return find(device)
                .map(value -> value.replaceAll("\\p{Cntrl}", " ").strip())
                .filter(value -> !value.isEmpty())
                .map(value -> value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) : value);
    }
}
