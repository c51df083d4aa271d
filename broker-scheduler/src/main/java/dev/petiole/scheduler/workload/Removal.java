package dev.petiole.scheduler.workload;

import dev.petiole.scheduler.kubernetes.ObjectKey;

/// An object that should go.
///
/// @param uid of this very object, so that a namesake is left alone
/// @param reason see [dev.petiole.scheduler.condition.Reason]
public record Removal(ObjectKey key, String uid, String reason) {}
