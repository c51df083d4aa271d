package dev.petiole.registry.security;

/// What a caller may do. People and portals have one of the first three, each of which includes those before it; the
/// other two are Petiole's own services.
enum Role {
    /// Reads everything but what only the services need.
    VIEWER,
    /// Decides about devices: approves and ignores them.
    OPERATOR,
    /// Writes Configurations, too, and looks after the registry itself.
    ADMIN,
    /// A discovery service: states what its own node sees, and reads what concerns that node.
    AGENT,
    /// The broker-scheduler: brings in Configurations, the cluster's nodes and mirrored decisions, and reads
    /// everything.
    SCHEDULER;

    boolean includes(Role other) {
        return this == other || (this == ADMIN && other.ordinal() < ordinal()) || (this == OPERATOR && other == VIEWER);
    }
}
