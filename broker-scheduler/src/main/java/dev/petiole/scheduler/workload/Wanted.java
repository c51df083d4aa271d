package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;

/// An object that there should be.
///
/// @param object the whole of it, but for its owner reference
/// @param owner whose deletion takes it along
public record Wanted(ObjectKey key, JsonObject object, Owner owner) {

    /// An Instance or a Configuration in the same namespace.
    public record Owner(Resource resource, String name) {}
}
