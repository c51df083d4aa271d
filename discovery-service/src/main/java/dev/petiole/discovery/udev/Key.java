package dev.petiole.discovery.udev;

/// What a condition looks at. The plural keys search upwards (udev(7)).
enum Key {
    ATTR(true, false),
    ATTRS(true, true),
    DEVPATH(false, false),
    DRIVER(false, false),
    DRIVERS(false, true),
    ENV(true, false),
    KERNEL(false, false),
    KERNELS(false, true),
    SUBSYSTEM(false, false),
    SUBSYSTEMS(false, true),
    TAG(false, false),
    TAGS(false, true);

    private final boolean takesArgument;
    private final boolean isAncestral;

    Key(boolean takesArgument, boolean isAncestral) {
        this.takesArgument = takesArgument;
        this.isAncestral = isAncestral;
    }

    /// Whether it is followed by a name in braces.
    boolean takesArgument() {
        return takesArgument;
    }

    boolean isAncestral() {
        return isAncestral;
    }
}
