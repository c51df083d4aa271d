package dev.petiole.registry.revision;

import org.jspecify.annotations.Nullable;

/// Something to do in one transaction, alone: it sees the results of all writes before it and no others run meanwhile.
/// It may run on any thread, must not block on anything but the database, and throws to have no effect.
@FunctionalInterface
public interface Write<R extends @Nullable Object> {

    R run(WriteTransaction transaction);
}
