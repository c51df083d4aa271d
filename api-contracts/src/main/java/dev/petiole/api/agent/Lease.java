package dev.petiole.api.agent;

import java.time.Duration;

/// A lease as granted.
///
/// @param session identifies this run of the discovery service; the newest one of a node wins
/// @param duration how long the registry believes in it
/// @param renewEvery how often it should be renewed
/// @param usageWanted whether the node should say which claims are in use, even if it has said so before: the registry
///     holds some for it that no report has told of
public record Lease(String session, Duration duration, Duration renewEvery, boolean usageWanted) {}
