package dev.petiole.e2e.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import dev.petiole.e2e.cluster.Cache;
import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Builds images with Jib: the same input gives the same bytes, and what is built already is not built again.
public final class Images {

    private static final String LAYOUT = "layout 3";
    private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/app");

    private final Repository repository;
    private final Path output;

    public Images(Repository repository) {
        this(repository, repository.path("e2e-tests", "target", "images"));
    }

    Images(Repository repository, Path output) {
        this.repository = repository;
        this.output = output;
    }

    /// Builds these images as far as they changed. Needs the modules' jars.
    public Map<PetioleImage, BuiltImage> build(Set<PetioleImage> wanted) {
        var built = new EnumMap<PetioleImage, BuiltImage>(PetioleImage.class);
        wanted.forEach(image -> built.put(image, build(image)));
        return built;
    }

    public BuiltImage build(PetioleImage image) {
        try {
            ApplicationJar jar = ApplicationJar.of(repository.path(image.module()));
            BaseImage base = BaseImage.find(image.withShell());
            String tag = jar.version() + "-" + contentHash(image, jar, base);
            String name = image.repository().substring(image.repository().indexOf('/') + 1);
            var result =
                    new BuiltImage(image, image.repository() + ":" + tag, output.resolve(name + "-" + tag + ".tar"));
            if (!Files.exists(result.tar())) {
                Files.createDirectories(output);
                removeOlder(name);
                containerize(result, jar, base);
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void containerize(BuiltImage result, ApplicationJar jar, BaseImage base) throws IOException {
        Path scratch = Files.createTempDirectory(output, ".making-");
        try {
            Path extracted = scratch.resolve("extracted");
            jar.extract(extracted);
            Path tar = scratch.resolve("image.tar");
            Containerizer target = Containerizer.to(TarImage.at(tar).named(result.reference()))
                    .setBaseImageLayersCache(Cache.directory().resolve("jib"))
                    .setApplicationLayersCache(Cache.directory().resolve("jib"))
                    .setToolName("petiole");
            var layers = new ArrayList<>(List.of("dependencies", "application"));
            @Nullable Path runtime = base.runtime();
            if (runtime != null && result.image().isService()) {
                Path training = Files.createDirectories(scratch.resolve("training"));
                Files.move(AotCache.train(result.image(), runtime, extracted, training), extracted.resolve("aot"));
                layers.add("aot");
            }
            plan(result.image(), extracted, layers, base).containerize(target);
            Files.move(tar, result.tar(), StandardCopyOption.ATOMIC_MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // Jib's four ways to say that an image could not be built.
            throw new IllegalStateException("%s: cannot be built".formatted(result.reference()), e);
        } finally {
            delete(scratch);
        }
    }

    private static JibContainerBuilder plan(PetioleImage image, Path extracted, List<String> layers, BaseImage base)
            throws IOException, InvalidImageReferenceException {
        List<String> entrypoint = new ArrayList<>(List.of("java"));
        entrypoint.addAll(image.flags());
        if (layers.contains("aot")) {
            entrypoint.add("-XX:AOTCache=" + HOME.resolve(AotCache.FILE));
        }
        entrypoint.addAll(List.of("-jar", "/app/app.jar"));
        JibContainerBuilder builder = base.toBuilder().setPlatforms(Set.of(new Platform(architecture(), "linux")));
        for (String layer : layers) {
            builder.addFileEntriesLayer(layer(layer, extracted.resolve(layer)));
        }
        return builder.setCreationTime(Instant.EPOCH)
                // glibc's arenas, one per thread, would cost more than they speed up.
                .addEnvironmentVariable("MALLOC_ARENA_MAX", "1")
                .setWorkingDirectory(HOME)
                .setUser(image.user())
                .setEntrypoint(entrypoint);
    }

    /// All of the directory's content below /app, with the epoch as its time.
    private static FileEntriesLayer layer(String name, Path directory) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.sorted().toList()) {
                    layer.addEntryRecursive(
                            entry, HOME.resolve(entry.getFileName().toString()));
                }
            }
        }
        return layer.build();
    }

    private static String contentHash(PetioleImage image, ApplicationJar jar, BaseImage base) throws IOException {
        MessageDigest digest = sha256();
        String settings = String.join(
                "\n", LAYOUT, base.identity(), image.user(), architecture(), String.join(" ", image.flags()));
        digest.update(settings.getBytes(StandardCharsets.UTF_8));
        try (InputStream content = new DigestInputStream(Files.newInputStream(jar.file()), digest)) {
            content.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 5);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    private void removeOlder(String name) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(
                            file -> file.getFileName().toString().matches(name + "-[0-9.]+-[0-9a-f]{10}\\.tar"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
