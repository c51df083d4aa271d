package dev.petiole.registry.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the bearer token comes from.
@FunctionalInterface
public interface Credentials {

    /// No token at all: a registry on the loopback needs none.
    Credentials NONE = Optional::empty;

    /// @return the token to send now; read anew for each request, since the kubelet rotates projected tokens
    Optional<String> token();

    /// The token in a file, as the kubelet projects it for a ServiceAccount.
    static Credentials file(Path path) {
        return () -> {
            try {
                return Optional.of(Files.readString(path).strip());
            } catch (IOException e) {
                throw new UncheckedIOException("can't read the registry token " + path, e);
            }
        };
    }
}
