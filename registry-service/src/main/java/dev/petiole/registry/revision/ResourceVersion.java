package dev.petiole.registry.revision;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A state of the registry: `<epoch>-<revision>`. Clients must not look inside.
///
/// @param epoch identifies the database; a new or restored one has a new epoch
/// @param revision the last logged write that the state contains
public record ResourceVersion(String epoch, long revision) {

    private static final Pattern FORM = Pattern.compile("([a-z0-9]{1,32})-(0|[1-9][0-9]{0,17})");

    /// @return empty if `text` can't be one
    public static Optional<ResourceVersion> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new ResourceVersion(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return epoch + "-" + revision;
    }
}
