package dev.petiole.samples.inventory;

import java.util.Comparator;
import java.util.Map;

/// Where the scale is that this broker was given.
record ScaleUrl(String value) {

    private static final String VARIABLE = "OPCUA_DISCOVERY_URL";

    ScaleUrl {
        if (!value.startsWith("opc.tcp://")) {
            throw new IllegalArgumentException("scale URL: '%s' (expected: opc.tcp://<host>:<port>/)".formatted(value));
        }
    }

    /// The given URL; if it is blank, the one in the environment. Petiole sets a device's properties twice, the
    /// second time with the device's hash behind the name, so that a container with several devices can tell them
    /// apart.
    static ScaleUrl of(String given, Map<String, ?> environment) {
        if (!given.isBlank()) {
            return new ScaleUrl(given);
        }
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().matches(VARIABLE + "(_[A-Z0-9]+)?"))
                .min(Comparator.comparing((Map.Entry<String, ?> variable) -> variable.getKey()))
                .map(variable -> new ScaleUrl(variable.getValue().toString()))
                .orElseThrow(() -> new IllegalStateException(
                        VARIABLE + " is not set; does the container request a device from Petiole?"));
    }
}
