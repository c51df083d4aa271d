package dev.petiole.e2e.story;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import dev.petiole.e2e.cluster.Cache;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// The sample handler in Go, compiled and put into an image that has nothing else.
final class GoHandlerImage {

    static final String REFERENCE = "docker.io/petiole/samples-go-handler:1";

    private GoHandlerImage() {}

    static Path build() throws Exception {
        Path source = Repository.find().path("samples", "go-handler");
        Path output = Files.createDirectories(Repository.find().path("e2e-tests", "target", "go-handler"));
        Path program = output.resolve("tcp-handler");
        Command.of("go", "build", "-C", source.toString(), "-trimpath", "-o", program.toString(), ".")
                .withEnvironment("CGO_ENABLED", "0")
                .withEnvironment("GOFLAGS", "-buildvcs=false")
                .withLimit(Duration.ofMinutes(5))
                .run()
                .orThrow();
        Path tar = output.resolve("image.tar");
        FileEntriesLayer layer = FileEntriesLayer.builder()
                .setName("program")
                .addEntry(program, AbsoluteUnixPath.get("/tcp-handler"), FilePermissions.fromOctalString("755"))
                .build();
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Jib.fromScratch()
                .setPlatforms(Set.of(new Platform(architecture, "linux")))
                .addFileEntriesLayer(layer)
                .setCreationTime(Instant.EPOCH)
                .setEntrypoint("/tcp-handler")
                .containerize(Containerizer.to(TarImage.at(tar).named(REFERENCE))
                        .setBaseImageLayersCache(Cache.directory().resolve("jib"))
                        .setApplicationLayersCache(Cache.directory().resolve("jib")));
        return tar;
    }
}
