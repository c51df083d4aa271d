package dev.petiole.discovery.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The file in which a built-in handler says what its details may be.
final class DetailsSchemaFile {

    private static final String NAME = "details.schema.json";

    private DetailsSchemaFile() {}

    static Optional<String> find(Class<?> handler) {
        try (InputStream file = handler.getResourceAsStream(NAME)) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + NAME + " of " + handler.getName(), e);
        }
    }
}
