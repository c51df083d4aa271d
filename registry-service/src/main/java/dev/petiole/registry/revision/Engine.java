package dev.petiole.registry.revision;

/// The database the registry runs on. Nearly all SQL is the same on both; this is for what is not.
public enum Engine {
    /// In this process, in a file, for one replica.
    H2,
    /// A server, for any number of replicas.
    POSTGRESQL
}
