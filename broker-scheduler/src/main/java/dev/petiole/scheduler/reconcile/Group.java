package dev.petiole.scheduler.reconcile;

import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.registry.RegistryView;

/// An API group that is served, and where its objects are read and written.
public record Group(Dialect dialect, ClusterCache cache, ApiServer apiServer, RegistryView registry) {}
