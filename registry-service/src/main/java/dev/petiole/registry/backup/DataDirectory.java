package dev.petiole.registry.backup;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param dataDir where H2's file is
@ConfigurationProperties("petiole")
record DataDirectory(Path dataDir) {}
