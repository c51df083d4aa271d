package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonObject;

/// Where an object lies in the cluster.
///
/// @param namespace empty for objects of the cluster as a whole
public record ObjectKey(Resource resource, String namespace, String name) {

    /// @param object one of a resource that every cluster has
    public static ObjectKey of(JsonObject object) {
        return of(Resource.of(object), object);
    }

    public static ObjectKey of(Resource resource, JsonObject object) {
        return new ObjectKey(
                resource, Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name"));
    }

    /// @return such as `Pod shop/scales-abc`
    @Override
    public String toString() {
        return resource.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
