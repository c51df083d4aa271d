package dev.petiole.e2e.image;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.cluster.Setting;
import dev.petiole.e2e.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What Petiole's images stand on: a JDK's runtime on a small Debian.
///
/// The settings `e2e.base-image` and `e2e.base-image-debug` (the latter has a shell) name another one, in a registry
/// or as `tar://…`; else both are made on this machine.
///
/// @param source a path of a tar, or a reference as Jib takes it
/// @param identity changes when the content does, as far as can be told without fetching it
/// @param runtime the same JDK in a directory of this machine, to train an AOT cache with; null if there is none
record BaseImage(String source, String identity, @Nullable Path runtime) {

    static BaseImage find(boolean withShell) {
        return Setting.find(withShell ? "base-image-debug" : "base-image")
                .map(reference -> new BaseImage(reference, reference, null))
                .orElseGet(() -> make(withShell));
    }

    private static BaseImage make(boolean withShell) {
        String output = Command.of(Repository.find().clusterScript().toString(), "java-base")
                .withLimit(Duration.ofMinutes(10))
                .reportingTo(System.out::println)
                .run()
                .orThrow();
        // The directory's name carries the hash of everything that went into it.
        Path directory = Path.of(output.strip());
        String file = withShell ? "java-base-debug.tar" : "java-base.tar";
        return new BaseImage(
                directory.resolve(file).toString(), directory.getFileName() + "/" + file, directory.resolve("runtime"));
    }

    JibContainerBuilder toBuilder() throws InvalidImageReferenceException {
        return source.startsWith("/") ? Jib.from(TarImage.at(Path.of(source))) : Jib.from(source);
    }
}
