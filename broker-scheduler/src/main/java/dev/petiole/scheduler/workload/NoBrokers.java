package dev.petiole.scheduler.workload;

import dev.petiole.scheduler.kubernetes.Resource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// No broker, since none is asked for or what is asked for can't be had.
///
/// @param fault why it can't be had, null if none is asked for
record NoBrokers(@Nullable String fault) implements Brokers {

    @Override
    public Set<Resource> resources() {
        return Set.of();
    }

    @Override
    public void plan(Draft draft) {
        if (fault != null) {
            draft.fault("", fault);
        }
    }

    @Override
    public boolean isServed(String retainedDevice) {
        return false;
    }
}
