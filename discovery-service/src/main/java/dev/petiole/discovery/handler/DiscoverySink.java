package dev.petiole.discovery.handler;

/// Where a discovery says what it sees.
@FunctionalInterface
public interface DiscoverySink {

    /// States all that is seen now. Never blocks; saying the same again does no harm.
    void report(Sighting sighting);

    /// Says why nothing can be reported now. What was reported before holds. Never blocks.
    default void hampered(Warning why) {}
}
