package dev.petiole.discovery.udev;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One scan of the kernel's devices. Devices may vanish while it runs: what can't be read any more counts as absent.
/// Not thread-safe.
final class Sysfs {

    private static final int MAX_FILE_BYTES = 64 * 1024;

    /// Links whose value is the name of what they point to; others are no attributes.
    private static final Set<String> NAMING_LINKS = Set.of("driver", "module", "subsystem");

    private final Path root;
    private final Path database;
    private final Map<Path, SysfsDevice> devices = new HashMap<>();

    /// @param root where sysfs is mounted
    /// @param database udevd's records; need not exist
    /// @throws IOException if there is no sysfs
    Sysfs(Path root, Path database) throws IOException {
        this.root = root.toRealPath();
        this.database = database;
    }

    /// All devices that belong to a bus or a class, ordered by devpath.
    List<SysfsDevice> devices() {
        var found = new TreeMap<String, SysfsDevice>();
        for (Path subsystem : list(root.resolve("class"))) {
            list(subsystem).forEach(entry -> add(found, entry));
        }
        for (Path bus : list(root.resolve("bus"))) {
            list(bus.resolve("devices")).forEach(entry -> add(found, entry));
        }
        return List.copyOf(found.values());
    }

    String devpath(Path directory) {
        return directory.toString().substring(root.toString().length());
    }

    Optional<SysfsDevice> findParent(Path directory) {
        Path devicesRoot = root.resolve("devices");
        for (Path up = directory.getParent();
                up != null && up.startsWith(devicesRoot) && !up.equals(devicesRoot);
                up = up.getParent()) {
            if (isDevice(up)) {
                return Optional.of(device(up));
            }
        }
        return Optional.empty();
    }

    Optional<String> findAttribute(Path directory, String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(root)) {
            return Optional.empty();
        }
        if (Files.isSymbolicLink(file)) {
            return NAMING_LINKS.contains(name) ? Optional.of(linkName(file)) : Optional.empty();
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? findText(file).map(Sysfs::withoutLineEnd)
                : Optional.empty();
    }

    /// The name of what a link points to; empty if there is no such link.
    String linkName(Path link) {
        try {
            return String.valueOf(Files.readSymbolicLink(link).getFileName());
        } catch (IOException _) {
            return "";
        }
    }

    List<String> names(@Nullable Path directory) {
        return directory == null
                ? List.of()
                : list(directory).stream()
                        .map(entry -> String.valueOf(entry.getFileName()))
                        .toList();
    }

    Map<String, String> uevent(Path directory) {
        var properties = new HashMap<String, String>();
        findText(directory.resolve("uevent")).stream().flatMap(String::lines).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                properties.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return Map.copyOf(properties);
    }

    UdevRecord udevRecord(String id) {
        return findText(database.resolve(id))
                .map(text -> UdevRecord.parse(text.lines().toList()))
                .orElse(UdevRecord.NONE);
    }

    private void add(Map<String, SysfsDevice> found, Path entry) {
        try {
            Path directory = entry.toRealPath();
            if (directory.startsWith(root) && isDevice(directory)) {
                found.put(devpath(directory), device(directory));
            }
        } catch (IOException _) {
            // It has just gone.
        }
    }

    private SysfsDevice device(Path directory) {
        return devices.computeIfAbsent(directory, path -> new SysfsDevice(this, path));
    }

    private static boolean isDevice(Path directory) {
        return Files.isRegularFile(directory.resolve("uevent"), LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> list(Path directory) {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException _) {
            // No such class or bus, or it has just gone.
        }
        return entries;
    }

    private static Optional<String> findText(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }
}
