package dev.petiole.e2e.cluster;

import java.util.Locale;
import java.util.Optional;

/// A setting of the harness: the system property `e2e.load-command` or the environment's `E2E_LOAD_COMMAND`.
public final class Setting {

    private Setting() {}

    public static Optional<String> find(String name) {
        String variable =
                "E2E_" + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
        return Optional.ofNullable(System.getProperty("e2e." + name))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(value -> !value.isBlank());
    }
}
