/// Finds the node's own devices by rules in udev's language, and notices them come and go by uevents.
///
/// Nothing here is public: the handler is reached through its interface. Devices are read from sysfs and, where udevd
/// runs, from its database under
/// `/run/udev/data`; nothing needs udevd or libudev.
@NullMarked
package dev.petiole.discovery.udev;

import org.jspecify.annotations.NullMarked;
