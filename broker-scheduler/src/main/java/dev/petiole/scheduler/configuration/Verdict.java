package dev.petiole.scheduler.configuration;

/// What the registry makes of a Configuration.
public sealed interface Verdict {

    /// The registry has it as it is written.
    record Accepted() implements Verdict {}

    /// The registry refuses it.
    ///
    /// @param message the registry's own words
    record Refused(String message) implements Verdict {}

    /// A Configuration of this name in another namespace was there first, and the group's names are for the whole
    /// cluster.
    record NameTaken(String message) implements Verdict {}

    /// The registry could not be asked; nothing is known.
    record Unasked(String message) implements Verdict {}
}
