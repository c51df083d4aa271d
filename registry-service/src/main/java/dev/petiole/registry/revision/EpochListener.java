package dev.petiole.registry.revision;

/// Hears that the database is a new one, or an old one that was restored: then what happened since is unknown.
public interface EpochListener {

    /// Runs before any other write of the epoch.
    void epochBegins(WriteTransaction transaction);
}
