package dev.petiole.discovery.kubelet.deviceplugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/// The kubelet's directory of device plugin sockets, which we share with other vendors' plugins.
record PluginDirectory(Path path) {

    private static final String PREFIX = "petiole-";
    private static final String SUFFIX = ".sock";
    private static final int HASH_BYTES = 10;

    /// @return where the kubelet takes registrations
    Path kubelet() {
        return path.resolve("kubelet.sock");
    }

    /// @return a short name of the resource's own, since names of resources may be longer than a socket's path can be
    Path socketOf(String resource) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(resource.getBytes(StandardCharsets.UTF_8));
            return path.resolve(PREFIX + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Deletes our sockets but those of these resources.
    void deleteAllBut(Collection<String> resources) {
        Set<Path> wanted = resources.stream().map(this::socketOf).collect(Collectors.toSet());
        if (!Files.isDirectory(path)) {
            return;
        }
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(path, PREFIX + "*" + SUFFIX)) {
            for (Path socket : ours) {
                if (!wanted.contains(socket)) {
                    Files.deleteIfExists(socket);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't clean " + path, e);
        }
    }
}
