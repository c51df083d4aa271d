package dev.petiole.discovery.udev;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What tells a USB device apart wherever it is plugged in: its maker, model and serial number, and which part of it is
/// meant.
///
/// Neither the port nor the numbers that the kernel hands out in the order of plugging are in it.
final class StableIdentity {

    private static final Pattern INTERFACE = Pattern.compile("[0-9.-]+(:[0-9.]+)");
    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]+)");

    private StableIdentity() {}

    /// @return empty if the device is no part of a USB device with a serial number
    static Optional<String> find(SysfsDevice device) {
        var below = new ArrayList<SysfsDevice>();
        for (SysfsDevice candidate : device.selfAndAncestors().toList()) {
            if (candidate.property("DEVTYPE").equals("usb_device")) {
                return serialOf(candidate).map(serial -> serial + partOf(below.reversed()));
            }
            below.add(candidate);
        }
        return Optional.empty();
    }

    /// The host's own hubs say the number of the slot they are in.
    private static Optional<String> serialOf(SysfsDevice usb) {
        String vendor = attribute(usb, "idVendor");
        String serial = attribute(usb, "serial");
        return serial.isEmpty() || vendor.isEmpty() || vendor.equals("1d6b")
                ? Optional.empty()
                : Optional.of("usb:" + vendor + ":" + attribute(usb, "idProduct") + ":" + serial);
    }

    private static String attribute(SysfsDevice device, String name) {
        return device.findAttribute(name).map(String::strip).orElse("");
    }

    private static String partOf(List<SysfsDevice> below) {
        var part = new StringBuilder();
        for (SysfsDevice device : below) {
            part.append('/').append(nameWithoutPort(device));
        }
        return part.toString();
    }

    /// `1-1:1.0` is `:1.0` at any port; `video4` is `video` and its place among its siblings.
    private static String nameWithoutPort(SysfsDevice device) {
        String name = device.sysname();
        Matcher usbInterface = INTERFACE.matcher(name);
        if (usbInterface.matches()) {
            return usbInterface.group(1);
        }
        Matcher numbered = NUMBERED.matcher(name);
        if (!numbered.matches()) {
            return name;
        }
        List<String> siblings = device.siblings().stream()
                .filter(sibling -> isNumbered(sibling, numbered.group(1)))
                .sorted((one, other) -> Long.compare(numberOf(one), numberOf(other)))
                .toList();
        return numbered.group(1) + "#" + Math.max(0, siblings.indexOf(name));
    }

    private static boolean isNumbered(String name, String stem) {
        Matcher parts = NUMBERED.matcher(name);
        return parts.matches() && parts.group(1).equals(stem);
    }

    private static long numberOf(String name) {
        Matcher parts = NUMBERED.matcher(name);
        return parts.matches() && parts.group(2).length() < 18 ? Long.parseLong(parts.group(2)) : Long.MAX_VALUE;
    }
}
