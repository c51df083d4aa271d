package dev.petiole.discovery.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.Lease;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Slot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A registry of one process's memory that speaks the real one's HTTP, as far as a discovery service hears it:
/// sessions, observations that make devices, slots with one holder each, watches. A device is Online while it
/// is observed, and is gone with the observation that lacks it: there is no grace period here.
public final class ScriptedRegistry implements AutoCloseable {

    private static final Duration RENEW_OFTEN = Duration.ofMillis(300);

    private final JsonMapper json = JsonMapper.builder().build();
    private final Duration renewEvery;
    private final HttpServer server;
    private final Map<String, Configuration> configurations = new LinkedHashMap<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final List<Observation> observations = new CopyOnWriteArrayList<>();
    private final List<UsageReport> usageReports = new CopyOnWriteArrayList<>();
    private final List<LeaseRequest> leases = new CopyOnWriteArrayList<>();
    private final List<HandlerReport> handlerReports = new CopyOnWriteArrayList<>();
    private final Map<String, ClaimRequest> asked = new HashMap<>();
    private boolean usageWanted;
    private int sessions;
    private long revision;
    private volatile UnaryOperator<String> failure = _ -> "";

    private record Watcher(String list, OutputStream stream) {}

    public ScriptedRegistry() {
        this(RENEW_OFTEN);
    }

    /// @param renewEvery how often leases are to be renewed
    public ScriptedRegistry(Duration renewEvery) {
        this.renewEvery = renewEvery;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    // ---- the script

    /// Has calls fail from now on: the operator gets the path's last segment and answers `hangUp`, a status
    /// such as `503`, or nothing.
    public void failWith(UnaryOperator<String> failure) {
        this.failure = failure;
    }

    /// The sessions that are known now are no longer.
    public synchronized void forgetSessions() {
        sessions++;
    }

    /// Loses its database; the watches stay as they are.
    public synchronized void loseEverything() {
        forgetSessions();
        configurations.clear();
        devices.clear();
    }

    public synchronized void putConfiguration(
            ConfigurationKey key, String uid, long generation, ConfigurationSpec spec) {
        boolean isNew = !configurations.containsKey(key.toString());
        var configuration = new Configuration(
                key,
                uid,
                generation,
                Configuration.ManagedBy.KUBERNETES,
                spec,
                new ConfigurationStatus(List.of(), ConfigurationStatus.DeviceCounts.NONE),
                next());
        configurations.put(key.toString(), configuration);
        send("configurations", isNew ? "added" : "modified", configuration);
    }

    public synchronized void deleteConfiguration(ConfigurationKey key) {
        Configuration gone = configurations.remove(key.toString());
        devices.values().stream()
                .filter(device -> device.configuration().equals(key))
                .toList()
                .forEach(this::removeDevice);
        if (gone != null) {
            send("configurations", "deleted", gone);
        }
    }

    /// A user elsewhere takes a slot.
    public synchronized void holdElsewhere(String device, String node) {
        change(device, slots -> slots.add(slot(slots.size(), node, "elsewhere", "elsewhere-" + slots.size())));
    }

    /// All users elsewhere give their slots back.
    public synchronized void releaseElsewhere(String device, String node) {
        change(device, slots -> slots.removeIf(slot -> slot.node().equals(node)));
    }

    /// Asks in its answers to lease renewals for a usage report, until there is one.
    public synchronized void wantUsage() {
        usageWanted = true;
    }

    // ---- what was said

    public List<Observation> observations() {
        return List.copyOf(observations);
    }

    public List<UsageReport> usageReports() {
        return List.copyOf(usageReports);
    }

    public List<HandlerReport> handlerReports() {
        return List.copyOf(handlerReports);
    }

    public List<LeaseRequest> leases() {
        return List.copyOf(leases);
    }

    public synchronized List<Device> devices() {
        return List.copyOf(devices.values());
    }

    public List<Slot> slots(String device) {
        return devices().stream()
                .filter(candidate -> candidate.name().equals(device))
                .flatMap(candidate -> candidate.slots().stream())
                .toList();
    }

    // ---- HTTP

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = path.substring(path.lastIndexOf('/') + 1);
        String failing = failure.apply(call);
        if (failing.equals("hangUp")) {
            exchange.close();
            return;
        }
        if (!failing.isEmpty()) {
            problem(exchange, Integer.parseInt(failing), "scripted");
            return;
        }
        if (call.equals("configurations") || call.equals("devices")) {
            watch(exchange, call);
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String node = path.split("/", -1)[4];
        try {
            Object answer = answer(call, node, body);
            respond(exchange, 200, answer == null ? new byte[0] : json.writeValueAsBytes(answer));
        } catch (Refused e) {
            problem(exchange, 409, e.type);
        }
    }

    private synchronized @Nullable Object answer(String call, String node, byte[] body) {
        return switch (call) {
            case "lease" -> lease(json.readValue(body, LeaseRequest.class));
            case "handlers" -> handlers(json.readValue(body, HandlerReport.class));
            case "observations" -> observe(node, json.readValue(body, Observation.class));
            case "claims" -> claim(node, json.readValue(body, ClaimRequest.class));
            case "usage" -> use(node, json.readValue(body, UsageReport.class));
            default -> throw new IllegalArgumentException(call);
        };
    }

    private static final class Refused extends RuntimeException {
        final String type;

        Refused(String type) {
            this.type = type;
        }
    }

    private Lease lease(LeaseRequest request) {
        if (request.session() == null) {
            sessions++;
        } else {
            demand(request.session());
        }
        leases.add(request);
        return new Lease(session(), Duration.ofSeconds(5), renewEvery, usageWanted);
    }

    private @Nullable Object handlers(HandlerReport report) {
        demand(report.session());
        handlerReports.add(report);
        return null;
    }

    private String session() {
        return "session-" + sessions;
    }

    private void demand(String session) {
        if (!session.equals(session())) {
            throw new Refused("session-replaced");
        }
    }

    private @Nullable Object observe(String node, Observation observation) {
        demand(observation.session());
        observations.add(observation);
        Configuration configuration =
                configurations.get(observation.configuration().toString());
        if (configuration == null) {
            return null;
        }
        note(node, observation, configuration);
        if (observation.devices() == null) {
            return null;
        }
        Set<String> seen = new HashSet<>();
        for (Observation.ObservedDevice observed : observation.devices()) {
            Device device =
                    device(node, observation, observed, configuration.spec().capacity());
            seen.add(device.name());
            Device before = devices.put(device.name(), device);
            send("devices", before == null ? "added" : "modified", device);
        }
        devices.values().stream()
                .filter(_ -> observation.isComplete())
                .filter(device -> device.configuration().equals(observation.configuration()))
                .filter(device -> !seen.contains(device.name()))
                .toList()
                .forEach(this::removeDevice);
        return null;
    }

    private void note(String node, Observation observation, Configuration configuration) {
        var discovery = new ConfigurationStatus.NodeDiscovery(
                node,
                observation.state(),
                observation.reason(),
                observation.message(),
                observation.generation(),
                observation.devices() == null ? 0 : observation.devices().size());
        var heard = new Configuration(
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                configuration.managedBy(),
                configuration.spec(),
                new ConfigurationStatus(List.of(discovery), ConfigurationStatus.DeviceCounts.NONE),
                next());
        configurations.put(configuration.key().toString(), heard);
        send("configurations", "modified", heard);
    }

    private Device device(String node, Observation observation, Observation.ObservedDevice observed, int capacity) {
        String name = deviceName(observation.configuration(), observed.identity());
        Device before = devices.get(name);
        return new Device(
                name,
                observation.configuration(),
                observation.configurationUid(),
                observation.handler(),
                observed.identity(),
                observation.shared(),
                capacity,
                observed.properties(),
                Device.Admission.APPROVED,
                Device.Presence.ONLINE,
                Instant.EPOCH,
                List.of(new Device.NodePresence(node, Device.Presence.ONLINE, Instant.EPOCH)),
                before == null ? List.of() : before.slots(),
                next());
    }

    /// The name this registry gives a device: not the real one's hash, but like it.
    public static String deviceName(ConfigurationKey configuration, String identity) {
        return configuration.name() + "-" + String.format("%010d", Math.floorMod(identity.hashCode(), 1_000_000_000));
    }

    private void removeDevice(Device device) {
        devices.remove(device.name());
        send("devices", "deleted", device);
    }

    private Slot claim(String node, ClaimRequest request) {
        demand(request.session());
        asked.put(node + request.resource() + request.kubeletDeviceId(), request);
        Device device = devices.get(request.device().name());
        if (device == null) {
            throw new Refused("device-not-available");
        }
        for (Slot slot : device.slots()) {
            if (isKey(slot, node, request.resource(), request.kubeletDeviceId())) {
                return slot;
            }
        }
        if (device.slots().size() >= device.capacity()) {
            throw new Refused("no-free-slot");
        }
        Slot granted = slot(device.slots().size(), node, request.resource(), request.kubeletDeviceId());
        change(device.name(), slots -> slots.add(granted));
        return granted;
    }

    private @Nullable Object use(String node, UsageReport report) {
        demand(report.session());
        usageReports.add(report);
        usageWanted = false;
        report.uses().forEach(use -> establish(node, use));
        for (Device device : List.copyOf(devices.values())) {
            change(
                    device.name(),
                    slots -> slots.removeIf(slot -> slot.node().equals(node)
                            && Stream.concat(report.uses().stream(), report.pending().stream())
                                    .noneMatch(use -> isKey(slot, node, use.resource(), use.kubeletDeviceId()))
                            && !isOlder(report, asked.get(node + slot.resource() + slot.kubeletDeviceId()))));
        }
        return null;
    }

    private void establish(String node, UsageReport.Use use) {
        if (devices.containsKey(use.device().name())) {
            change(use.device().name(), slots -> {
                if (slots.stream().noneMatch(slot -> isKey(slot, node, use.resource(), use.kubeletDeviceId()))) {
                    slots.add(slot(slots.size(), node, use.resource(), use.kubeletDeviceId()));
                }
            });
        }
    }

    private static boolean isOlder(UsageReport report, @Nullable ClaimRequest request) {
        return request != null
                && request.session().equals(report.session())
                && report.sequence() <= request.usageSequence();
    }

    private static boolean isKey(Slot slot, String node, String resource, String id) {
        return slot.node().equals(node)
                && slot.resource().equals(resource)
                && slot.kubeletDeviceId().equals(id);
    }

    private static Slot slot(int index, String node, String resource, String id) {
        return new Slot(index, node, resource, id, null, null, null, Instant.EPOCH);
    }

    private void change(String name, Consumer<List<Slot>> change) {
        Device device = Objects.requireNonNull(devices.get(name), name);
        var slots = new ArrayList<>(device.slots());
        change.accept(slots);
        if (slots.equals(device.slots())) {
            return;
        }
        var changed = new Device(
                device.name(),
                device.configuration(),
                device.configurationUid(),
                device.handler(),
                device.identity(),
                device.shared(),
                device.capacity(),
                device.properties(),
                device.admission(),
                device.presence(),
                device.presenceSince(),
                device.nodes(),
                slots,
                next());
        devices.put(name, changed);
        send("devices", "modified", changed);
    }

    // ---- watches

    private void watch(HttpExchange exchange, String list) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        synchronized (this) {
            var watcher = new Watcher(list, exchange.getResponseBody());
            (list.equals("devices") ? devices : configurations).values().forEach(item -> send(watcher, "added", item));
            send(watcher, "bookmark", Map.of("resourceVersion", next(), "initialEventsEnd", true));
            watchers.add(watcher);
        }
    }

    private String next() {
        return "1-" + ++revision;
    }

    private void send(String list, String event, Object item) {
        watchers.stream().filter(watcher -> watcher.list().equals(list)).forEach(watcher -> send(watcher, event, item));
    }

    private void send(Watcher watcher, String event, Object item) {
        String text = "event: " + event + "\nid: 1-" + revision + "\ndata: " + json.writeValueAsString(item) + "\n\n";
        try {
            watcher.stream().write(text.getBytes(StandardCharsets.UTF_8));
            watcher.stream().flush();
        } catch (IOException _) {
            watchers.remove(watcher);
        }
    }

    private void problem(HttpExchange exchange, int status, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        respond(
                exchange,
                status,
                json.writeValueAsBytes(
                        Map.of("type", "https://petiole.dev/problems/" + type, "detail", "scripted " + type)));
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (status == 200) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
