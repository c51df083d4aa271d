package dev.petiole.discovery.kubelet.dra;

import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.DiscoveredDevice.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The files by which the container runtime learns what a container gets for a ResourceClaim: the Container
/// Device Interface (CDI), one file for each claim.
@Component
final class CdiFiles {

    private static final String KIND = "petiole.dev/slot";

    // The oldest version that knows `hostPath` of a device node.
    private static final String VERSION = "0.5.0";
    private static final String PREFIX = "petiole.dev-claim_";
    private static final String SUFFIX = ".json";

    private final Path directory;
    private final JsonMapper json = JsonMapper.builder().build();

    CdiFiles(DraProperties properties) {
        this.directory = properties.cdi();
    }

    /// What a container gets for one slot.
    record Edits(Map<String, String> environment, List<Mount> mounts, List<DeviceNode> deviceNodes) {
        Edits {
            environment = Map.copyOf(environment);
            mounts = List.copyOf(mounts);
            deviceNodes = List.copyOf(deviceNodes);
        }
    }

    /// @return the id by which the kubelet asks the runtime for one slot of a claim
    static String id(String claimUid, int slot) {
        return KIND + "=" + name(claimUid, slot);
    }

    boolean has(String claimUid) {
        return Files.exists(file(claimUid));
    }

    /// Returns once the file is there in full.
    ///
    /// @param slots what each of the claim's slots gives, in order
    void write(String claimUid, List<Edits> slots) {
        ObjectNode spec = json.createObjectNode();
        spec.put("cdiVersion", VERSION);
        spec.put("kind", KIND);
        ArrayNode devices = spec.putArray("devices");
        for (int i = 0; i < slots.size(); i++) {
            ObjectNode device = devices.addObject();
            device.put("name", name(claimUid, i));
            putEdits(device.putObject("containerEdits"), claimUid, slots.get(i));
        }
        AtomicFile.write(file(claimUid), json.writeValueAsBytes(spec));
    }

    void delete(String claimUid) {
        try {
            Files.deleteIfExists(file(claimUid));
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete " + file(claimUid), e);
        }
    }

    /// Deletes our files but those of these claims.
    void deleteAllBut(Set<String> claimUids) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : ours) {
                String name = file.getFileName().toString();
                if (!claimUids.contains(name.substring(PREFIX.length(), name.length() - SUFFIX.length()))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't clean " + directory, e);
        }
    }

    private static void putEdits(ObjectNode to, String claimUid, Edits edits) {
        ArrayNode environment = to.putArray("env");
        // The runtime refuses a device without any edit, so there is always one.
        environment.add("PETIOLE_CLAIM=" + claimUid);
        new TreeMap<>(edits.environment()).forEach((name, value) -> environment.add(name + "=" + value));
        if (!edits.deviceNodes().isEmpty()) {
            ArrayNode nodes = to.putArray("deviceNodes");
            edits.deviceNodes()
                    .forEach(node -> nodes.addObject()
                            .put("path", node.containerPath())
                            .put("hostPath", node.hostPath())
                            .put("permissions", node.permissions()));
        }
        if (!edits.mounts().isEmpty()) {
            ArrayNode mounts = to.putArray("mounts");
            for (Mount mount : edits.mounts()) {
                ObjectNode entry = mounts.addObject();
                entry.put("hostPath", mount.hostPath());
                entry.put("containerPath", mount.containerPath());
                ArrayNode options = entry.putArray("options");
                options.add("rbind");
                options.add(mount.readOnly() ? "ro" : "rw");
            }
        }
    }

    private static String name(String claimUid, int slot) {
        return claimUid + "-" + slot;
    }

    private Path file(String claimUid) {
        return directory.resolve(PREFIX + claimUid + SUFFIX);
    }
}
