package dev.petiole.e2e.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A module's executable Spring Boot jar.
///
/// @param version as in its name, without `-SNAPSHOT`
record ApplicationJar(Path file, String version) {

    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String CLASSES = "BOOT-INF/classes/";
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    /// Finds it in the module's target folder: the jar classified `exec` if the module also serves as a library, else
    /// its only jar.
    static ApplicationJar of(Path module) throws IOException {
        String name = module.getFileName().toString();
        Path target = module.resolve("target");
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            List<Path> jars = files.filter(file ->
                            file.getFileName().toString().matches(name + "-[0-9][0-9.]*(-SNAPSHOT)?(-exec)?\\.jar"))
                    .toList();
            Path jar = jars.stream()
                    .filter(file -> jars.size() == 1 || file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "%s: %s (expected: one jar; build it with mvn package)".formatted(target, jars)));
            String version = jar.getFileName()
                    .toString()
                    .replaceFirst("^" + name + "-", "")
                    .replaceFirst("(-SNAPSHOT)?(-exec)?\\.jar$", "");
            return new ApplicationJar(jar, version);
        }
    }

    /// Lays it out for a plain `java -jar app.jar`: libraries that seldom change in `dependencies/lib`, the suite's own
    /// and `app.jar` in `application`.
    ///
    /// Boot's own `-Djarmode=tools extract` does the same, but only for applications that contain Spring.
    void extract(Path directory) throws IOException {
        Path application = Files.createDirectories(directory.resolve("application"));
        try (var jar = new JarFile(file.toFile())) {
            if (jar.getEntry(CLASSES) == null) {
                throw new IllegalStateException(
                        "%s: not an executable Spring Boot jar (expected: its pom uses spring-boot-maven-plugin)"
                                .formatted(file));
            }
            List<ZipEntry> libraries = jar.stream()
                    .filter(entry -> entry.getName().startsWith(LIBRARIES) && !entry.isDirectory())
                    .<ZipEntry>map(entry -> entry)
                    .toList();
            for (ZipEntry library : libraries) {
                Path layer = library.getName().contains("-SNAPSHOT") ? application : directory.resolve("dependencies");
                Path target = layer.resolve(library.getName().substring("BOOT-INF/".length()));
                Files.createDirectories(target.getParent());
                try (InputStream content = jar.getInputStream(library)) {
                    Files.copy(content, target);
                }
            }
            writeApplication(jar, manifest(jar, libraries), application.resolve("app.jar"));
        }
    }

    private static void writeApplication(JarFile jar, Manifest manifest, Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(entry("META-INF/MANIFEST.MF"));
            manifest.write(zip);
            // Directories too, since class path scanning looks for them.
            for (ZipEntry source : jar.stream()
                    .filter(entry -> entry.getName().startsWith(CLASSES)
                            && entry.getName().length() > CLASSES.length())
                    .toList()) {
                zip.putNextEntry(entry(source.getName().substring(CLASSES.length())));
                try (InputStream content = jar.getInputStream(source)) {
                    content.transferTo(zip);
                }
            }
        }
    }

    private static ZipEntry entry(String name) {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        return entry;
    }

    /// The class path in the order of Boot's, which the order of its entries is.
    private static Manifest manifest(JarFile jar, List<ZipEntry> libraries) throws IOException {
        Attributes source = jar.getManifest().getMainAttributes();
        var manifest = new Manifest();
        Attributes target = manifest.getMainAttributes();
        source.forEach((name, value) -> {
            if (!name.toString().startsWith("Spring-Boot-") && !name.toString().equals("Start-Class")) {
                target.put(name, value);
            }
        });
        target.put(Attributes.Name.MAIN_CLASS, source.getValue("Start-Class"));
        target.put(
                Attributes.Name.CLASS_PATH,
                libraries.stream()
                        .map(library -> library.getName().substring("BOOT-INF/".length()))
                        .collect(Collectors.joining(" ")));
        return manifest;
    }
}
