package dev.petiole.scheduler.kubernetes;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// How the API server is reached.
///
/// @param kubeconfig a kubeconfig file; if absent, the Pod's ServiceAccount or what KUBECONFIG names
@ConfigurationProperties("petiole.kubernetes")
public record KubernetesProperties(@Nullable Path kubeconfig) {}
