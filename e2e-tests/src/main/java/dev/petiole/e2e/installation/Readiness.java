package dev.petiole.e2e.installation;

import tools.jackson.databind.JsonNode;

/// Whether a workload runs what its spec says, everywhere.
final class Readiness {

    private Readiness() {}

    static boolean isReady(JsonNode workload) {
        JsonNode status = workload.path("status");
        if (status.path("observedGeneration").asLong(0)
                < workload.path("metadata").path("generation").asLong(0)) {
            return false;
        }
        int wanted = workload.path("spec").path("replicas").asInt(1);
        return switch (workload.path("kind").asString()) {
            case "DaemonSet" -> {
                int nodes = count(status, "desiredNumberScheduled");
                yield nodes > 0
                        && count(status, "updatedNumberScheduled") == nodes
                        && count(status, "numberAvailable") == nodes;
            }
            case "StatefulSet" ->
                count(status, "updatedReplicas") == wanted && count(status, "readyReplicas") == wanted;
            default ->
                count(status, "updatedReplicas") == wanted
                        && count(status, "availableReplicas") == wanted
                        && count(status, "replicas") == wanted;
        };
    }

    private static int count(JsonNode status, String field) {
        return status.path(field).asInt(0);
    }
}
