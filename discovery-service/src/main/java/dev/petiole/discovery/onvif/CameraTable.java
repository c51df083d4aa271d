package dev.petiole.discovery.onvif;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The devices one discovery knows, and what is to be asked of which. No I/O; for one thread.
final class CameraTable {

    /* A device is its endpoint's UUID, wherever it answers. It is in the list from when its service first answered until it
     * says Bye from where it is, or until it has missed several rounds of probes and its service no longer answers. What
     * comes from another address than the one where it is known to be never moves it nor takes it away by itself: it is only
     * a cause to ask the device.
     */

    static final int MAX_CAMERAS = 1000;

    /// One host can be a few devices, and must not be able to crowd out the others.
    static final int MAX_CAMERAS_AT_AN_ADDRESS = 64;

    private static final int MAX_WARNINGS = 20;

    private final OnvifQuery query;
    private final Function<String, DeviceSession> sessions;
    private final Map<String, Camera> cameras = new LinkedHashMap<>();
    private boolean hasOverflown;
    private boolean hasOverflownThisRound;
    private long version;

    /// @param sessions makes the session with the device of a UUID
    CameraTable(OnvifQuery query, Function<String, DeviceSession> sessions) {
        this.query = query;
        this.sessions = sessions;
    }

    void heard(Announcement announcement, InetAddress from, boolean isHello, Instant now) {
        Camera known = cameras.get(announcement.uuid());
        if (!query.accepts(announcement, from)) {
            if (known != null && known.isAt(from)) {
                remove(known);
            }
            return;
        }
        Camera camera = known == null ? add(announcement.uuid(), from, now) : known;
        if (camera != null && camera.heard(announcement, from, isHello, now)) {
            version++;
        }
    }

    void left(String uuid, InetAddress from, Instant now) {
        Camera camera = cameras.get(uuid);
        if (camera == null) {
            return;
        }
        if (camera.isAt(from)) {
            remove(camera);
        } else if (camera.isPresent()) {
            camera.doubted(now);
        }
    }

    void roundEnded(Instant now) {
        cameras.values().forEach(camera -> camera.roundEnded(now));
        cameras.values().stream()
                .filter(camera -> camera.isLost() && !camera.isBeingInspected())
                .toList()
                .forEach(this::remove);
        overflown(hasOverflownThisRound);
        hasOverflownThisRound = false;
    }

    /// @return what is to be asked now, at most `limit`; devices that were never asked come first
    List<Inspector.Task> due(int limit, Instant now) {
        return cameras.values().stream()
                .filter(camera -> !camera.due().isAfter(now))
                .sorted((one, other) -> Boolean.compare(one.isInspected(), other.isInspected()))
                .limit(limit)
                .map(camera -> camera.begin(now))
                .toList();
    }

    /// @return when something is to be asked next
    Optional<Instant> findNextDue() {
        return cameras.values().stream().map(Camera::due).min(Instant::compareTo);
    }

    /// An inspection that began before the device left says nothing of a device that came back since.
    void inspected(Inspector.Task task, Inspection inspection, Instant now) {
        Camera camera = cameras.get(task.uuid());
        if (camera == null || !camera.began(task)) {
            return;
        }
        camera.inspected(inspection, now);
        if (camera.isLost()) {
            remove(camera);
        }
        if (!(inspection instanceof Inspection.Alive)) {
            version++;
        }
    }

    /// @return another number if [#sighting] may tell something else than before
    long version() {
        return version;
    }

    /// Whether each device that was heard of has been asked.
    boolean isSettled() {
        return cameras.values().stream().allMatch(Camera::isInspected);
    }

    Sighting sighting(Collection<Warning> more) {
        var devices = new ArrayList<DiscoveredDevice>();
        var warnings = new ArrayList<>(more);
        if (hasOverflown) {
            warnings.add(new Warning(
                    DiscoveryReason.TOO_MANY_DEVICES,
                    "more than %d cameras, or more than %d at one address, announce themselves; the rest is left out."
                            .formatted(MAX_CAMERAS, MAX_CAMERAS_AT_AN_ADDRESS)));
        }
        for (Camera camera : new TreeMap<>(cameras).values()) {
            Inspection.Read read = camera.read();
            Warning trouble = camera.trouble();
            if (read != null) {
                describe(camera, read, devices, warnings);
            } else if (trouble != null) {
                warnings.add(trouble);
            }
        }
        return new Sighting(devices, cut(warnings));
    }

    private void describe(Camera camera, Inspection.Read read, List<DiscoveredDevice> devices, List<Warning> warnings) {
        Announcement announcement = camera.announcement();
        List<String> macAddresses = CameraProperties.macAddresses(announcement, read);
        warnings.addAll(read.warnings());
        if (query.acceptsMacAddresses(macAddresses)) {
            devices.add(DiscoveredDevice.of(camera.uuid(), CameraProperties.of(announcement, read))
                    .withLocator(read.at().url() + "-" + camera.uuid()));
        } else if (macAddresses.isEmpty()) {
            warnings.add(new Warning(
                    DiscoveryReason.FILTER_VALUE_UNKNOWN,
                    "camera %s at %s is left out by macAddresses, since its MAC address can't be read without a user."
                            .formatted(
                                    camera.uuid(), ServiceAddress.text(read.at().address()))));
        }
    }

    private @Nullable Camera add(String uuid, InetAddress from, Instant now) {
        long there = cameras.values().stream()
                .filter(camera -> camera.hasAnnouncedFrom(from))
                .count();
        if (there >= MAX_CAMERAS_AT_AN_ADDRESS || (cameras.size() >= MAX_CAMERAS && !hasEvicted())) {
            hasOverflownThisRound = true;
            overflown(true);
            return null;
        }
        var camera = new Camera(uuid, sessions.apply(uuid), now);
        cameras.put(uuid, camera);
        return camera;
    }

    /// Makes room at the cost of a device that never answered for itself.
    private boolean hasEvicted() {
        return cameras.values().stream()
                .filter(camera -> camera.isInspected() && !camera.isPresent() && !camera.isBeingInspected())
                .findFirst()
                .map(this::remove)
                .orElse(false);
    }

    private boolean remove(Camera camera) {
        version++;
        return cameras.remove(camera.uuid(), camera);
    }

    private void overflown(boolean now) {
        if (hasOverflown != now) {
            hasOverflown = now;
            version++;
        }
    }

    private static List<Warning> cut(List<Warning> warnings) {
        if (warnings.size() <= MAX_WARNINGS) {
            return warnings;
        }
        int left = warnings.size() - MAX_WARNINGS;
        var kept = new ArrayList<>(warnings.subList(0, MAX_WARNINGS));
        Warning first = warnings.getFirst();
        kept.add(new Warning(first.reason(), "and " + left + " more warnings of this kind or others"));
        return kept;
    }
}
