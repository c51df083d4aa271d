package dev.petiole.scheduler.leader;

/// Whether this scheduler is the one that acts.
@FunctionalInterface
public interface Leadership {

    /// Of a scheduler that has no rivals.
    Leadership ALWAYS = () -> true;

    boolean isHeld();
}
