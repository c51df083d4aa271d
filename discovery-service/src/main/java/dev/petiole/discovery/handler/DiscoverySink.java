package dev.petiole.discovery.handler;

/// Where a discovery says what it sees.
@FunctionalInterface
public interface DiscoverySink {

    /// States all that is seen now. Never blocks; saying the same again does no harm.
    void report(Sighting sighting);
}
