package dev.petiole.discovery.onvif;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The one way in which a MAC address is written here: lower case, with colons.
final class MacAddress {

    private static final Pattern SEPARATORS = Pattern.compile("[-:.]");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{12}");
    private static final Pattern PAIR_BEFORE_ANOTHER = Pattern.compile("(..)(?=.)");

    private MacAddress() {}

    /// @return nothing if `text` is no MAC address
    static Optional<String> find(String text) {
        String digits =
                SEPARATORS.matcher(text.strip().toLowerCase(Locale.ROOT)).replaceAll("");
        return DIGITS.matcher(digits).matches()
                ? Optional.of(PAIR_BEFORE_ANOTHER.matcher(digits).replaceAll("$1:"))
                : Optional.empty();
    }
}
