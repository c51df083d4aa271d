package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import java.util.List;

/// The children of one Configuration that are in the cluster.
public record Existing(List<JsonObject> pods, List<JsonObject> jobs, List<JsonObject> services) {
    public Existing {
        pods = List.copyOf(pods);
        jobs = List.copyOf(jobs);
        services = List.copyOf(services);
    }
}
