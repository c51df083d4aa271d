package dev.petiole.discovery;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The node this service speaks for.
///
/// @param nodeName its name in Kubernetes
/// @param dataDir a directory of the node that survives this process; holds no secrets
@ConfigurationProperties("petiole")
@Validated
public record NodeProperties(
        @NotBlank String nodeName,
        @DefaultValue("/var/lib/petiole") Path dataDir) {}
