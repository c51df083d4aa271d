package dev.petiole.scheduler.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.MirrorReport;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.node.ClusterFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A registry that says what a test wants it to say, over real HTTP and in the real contract: lists that are watched,
/// Configurations that are put and deleted, facts of the cluster.
public final class FakeRegistry implements AutoCloseable {

    private static final String CONFIGURATIONS = "/api/v1/configurations";
    private static final String DEVICES = "/api/v1/devices";

    private static final Device.Decision DECISION =
            new Device.Decision("jane", Instant.parse("2026-11-24T12:00:00Z"), null);

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Object> configurations = new TreeMap<>();
    private final Map<String, Object> devices = new TreeMap<>();
    private final Map<String, List<Watcher>> watchers =
            Map.of(CONFIGURATIONS, new CopyOnWriteArrayList<>(), DEVICES, new CopyOnWriteArrayList<>());
    private final List<HeldSlot> recalled = new ArrayList<>();
    private List<NodeDiscovery> answers = List.of();
    private @Nullable ClusterFacts facts;
    private @Nullable String refusal;
    private boolean isAway;
    private String epoch = "fake";
    private long revision = 1;

    /// Someone who follows a list.
    private record Watcher(
            BlockingQueue<String> queue, @Nullable String query) {}

    public FakeRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/", this::answer);
        server.start();
    }

    public URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /// Lets nodes answer for all Configurations.
    public synchronized void answerFrom(List<NodeDiscovery> nodes) {
        answers = nodes;
        configurations.values().stream()
                .map(Configuration.class::cast)
                .toList()
                .forEach(known -> keep(
                        known.key(),
                        new ConfigurationWrite(known.uid(), known.generation(), known.labels(), known.spec()),
                        known.managedBy()));
    }

    /// Makes a Configuration as someone would over REST.
    public synchronized Configuration putOverRest(ConfigurationKey key, String uid, ConfigurationSpec spec) {
        return keep(key, new ConfigurationWrite(uid, 1L, spec), ManagedBy.REGISTRY);
    }

    /// Deletes a Configuration as someone would over REST.
    public synchronized void deleteOverRest(ConfigurationKey key) {
        delete(key);
    }

    /// Loses everything, as a registry with a new database does.
    public synchronized void loseAll() {
        configurations.values().forEach(known -> tell(CONFIGURATIONS, "deleted", known));
        devices.values().forEach(known -> tell(DEVICES, "deleted", known));
        configurations.clear();
        devices.clear();
        epoch = "other";
    }

    public synchronized void remove(String device) {
        Object known = devices.remove(device);
        if (known != null) {
            tell(DEVICES, "deleted", known);
        }
    }

    public synchronized void put(Device device) {
        devices.put(device.name(), device);
        tell(DEVICES, "modified", device);
    }

    /// Tells those who watch of a record that is over already, as one hears of it whose watch lags behind.
    public synchronized void tellLate(Device former) {
        tell(DEVICES, "modified", former);
    }

    /// Refuses all Configurations from now on, with this detail.
    public synchronized void refuse(@Nullable String detail) {
        refusal = detail;
    }

    public synchronized boolean isRefusing() {
        return refusal != null;
    }

    public synchronized @Nullable ClusterFacts facts() {
        return facts;
    }

    public synchronized @Nullable Device findDevice(String name) {
        return (Device) devices.get(name);
    }

    public synchronized @Nullable Configuration find(ConfigurationKey key) {
        return (Configuration) configurations.get(key.toString());
    }

    public synchronized boolean isAway() {
        return isAway;
    }

    @Override
    public synchronized void close() {
        isAway = true;
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        boolean isWatch =
                "text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"));
        if (isWatch) {
            watch(exchange, path, exchange.getRequestURI().getQuery());
        } else if (method.equals("PUT") && path.equals("/api/v1/cluster")) {
            putCluster(exchange);
        } else if (method.equals("PUT") && path.endsWith("/holders")) {
            recall(exchange);
        } else if (method.equals("PUT") && path.endsWith("/mirror")) {
            reportMirror(exchange, key(path.substring(0, path.lastIndexOf('/'))));
        } else if (method.equals("PUT") && path.endsWith("/admission")) {
            approve(exchange, path);
        } else if (method.equals("PUT")) {
            putConfiguration(exchange, key(path));
        } else if (method.equals("DELETE")) {
            delete(key(path));
            send(exchange, 204, null);
        } else {
            get(exchange, path);
        }
    }

    private synchronized void putCluster(HttpExchange exchange) throws IOException {
        facts = json.readValue(exchange.getRequestBody(), ClusterFacts.class);
        send(exchange, 200, null);
    }

    /// @return the holders that the scheduler had the registry recall
    public synchronized List<HeldSlot> recalled() {
        return List.copyOf(recalled);
    }

    private synchronized void recall(HttpExchange exchange) throws IOException {
        recalled.addAll(
                json.readValue(exchange.getRequestBody(), HeldSlots.class).slots());
        send(exchange, 200, null);
    }

    private synchronized void reportMirror(HttpExchange exchange, ConfigurationKey key) throws IOException {
        var report = json.readValue(exchange.getRequestBody(), MirrorReport.class);
        Configuration known = find(key);
        if (known != null) {
            var told = new Configuration(
                    known.key(),
                    known.uid(),
                    known.generation(),
                    known.managedBy(),
                    known.labels(),
                    known.spec(),
                    new ConfigurationStatus(
                            known.status().nodes(), known.status().devices(), report.fault(), null),
                    version());
            configurations.put(key.toString(), told);
            tell(CONFIGURATIONS, "modified", told);
        }
        send(exchange, 200, null);
    }

    private synchronized void approve(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/");
        Device device = (Device) devices.get(parts[parts.length - 2]);
        if (device == null) {
            send(exchange, 404, Map.of("type", "https://petiole.dev/problems/not-found", "status", 404));
            return;
        }
        put(admitted(device, Device.Admission.APPROVED, version()));
        send(exchange, 200, devices.get(device.name()));
    }

    /// @return the device as it is once someone has decided on it
    public static Device admitted(Device device, Device.Admission admission, String resourceVersion) {
        return new Device(
                device.name(),
                device.configuration(),
                device.configurationUid(),
                device.handler(),
                device.identity(),
                device.shared(),
                device.capacity(),
                device.labels(),
                device.properties(),
                admission,
                admission == Device.Admission.PENDING ? null : DECISION,
                device.presence(),
                device.presenceSince(),
                device.nodes(),
                device.slots(),
                resourceVersion);
    }

    private synchronized void putConfiguration(HttpExchange exchange, ConfigurationKey key) throws IOException {
        var write = json.readValue(exchange.getRequestBody(), ConfigurationWrite.class);
        if (refusal != null) {
            send(
                    exchange,
                    400,
                    Map.of("type", "https://petiole.dev/problems/invalid-field", "status", 400, "detail", refusal));
            return;
        }
        Configuration known = write.uid() == null
                ? keep(
                        key,
                        new ConfigurationWrite("made-" + revision, 1L, write.labels(), write.spec()),
                        ManagedBy.REGISTRY)
                : keep(key, write, ManagedBy.KUBERNETES);
        send(exchange, 200, known);
    }

    private Configuration keep(ConfigurationKey key, ConfigurationWrite write, ManagedBy managedBy) {
        long generation = write.generation() == null ? 1 : write.generation();
        List<NodeDiscovery> now = answers.stream()
                .map(node -> new NodeDiscovery(
                        node.node(), node.state(), node.reason(), node.message(), generation, node.devices()))
                .toList();
        var known = new Configuration(
                key,
                String.valueOf(write.uid()),
                generation,
                managedBy,
                write.labels(),
                write.spec(),
                new ConfigurationStatus(now, DeviceCounts.NONE),
                version());
        configurations.put(key.toString(), known);
        tell(CONFIGURATIONS, "modified", known);
        return known;
    }

    private synchronized void delete(ConfigurationKey key) {
        Object known = configurations.remove(key.toString());
        if (known != null) {
            tell(CONFIGURATIONS, "deleted", known);
        }
        devices.values().stream()
                .map(Device.class::cast)
                .filter(device -> device.configuration().equals(key))
                .toList()
                .forEach(device -> {
                    devices.remove(device.name());
                    tell(DEVICES, "deleted", device);
                });
    }

    private synchronized void get(HttpExchange exchange, String path) throws IOException {
        if (path.equals(CONFIGURATIONS)) {
            String query = exchange.getRequestURI().getQuery();
            List<Object> items = configurations.values().stream()
                    .filter(item -> isAsked(item, query))
                    .toList();
            send(exchange, 200, Map.of("items", items, "resourceVersion", version()));
            return;
        }
        Object found = path.startsWith(DEVICES)
                ? devices.get(path.substring(path.lastIndexOf('/') + 1))
                : configurations.get(path.substring(CONFIGURATIONS.length() + 1));
        if (found == null) {
            send(exchange, 404, Map.of("type", "https://petiole.dev/problems/not-found", "status", 404));
        } else {
            send(exchange, 200, found);
        }
    }

    private static boolean isAsked(Object item, @Nullable String query) {
        ConfigurationKey key = item instanceof Device device ? device.configuration() : ((Configuration) item).key();
        return query == null || query.contains("group=" + key.group());
    }

    private void watch(HttpExchange exchange, String path, @Nullable String query) throws IOException {
        var queue = new LinkedBlockingQueue<String>();
        var watcher = new Watcher(queue, query);
        synchronized (this) {
            (path.equals(DEVICES) ? devices : configurations)
                    .values().stream()
                            .filter(item -> isAsked(item, query))
                            .forEach(item -> queue.add(event("added", item)));
            queue.add("event: bookmark\nid: %s\ndata: {\"resourceVersion\":\"%s\",\"initialEventsEnd\":true}\n\n"
                    .formatted(version(), version()));
            watchersOf(path).add(watcher);
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
                String event = queue.poll(1, TimeUnit.SECONDS);
                body.write((event == null ? ": still here\n\n" : event).getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            watchersOf(path).remove(watcher);
        }
    }

    private void tell(String path, String type, Object item) {
        watchersOf(path).stream()
                .filter(watcher -> isAsked(item, watcher.query()))
                .forEach(watcher -> watcher.queue().add(event(type, item)));
    }

    private List<Watcher> watchersOf(String path) {
        return watchers.getOrDefault(path, List.of());
    }

    private String event(String type, Object item) {
        return "event: %s\nid: %s\ndata: %s\n\n".formatted(type, version(), json.writeValueAsString(item));
    }

    private String version() {
        return epoch + "-" + revision++;
    }

    private void send(HttpExchange exchange, int status, @Nullable Object body) throws IOException {
        Function<Object, byte[]> write = json::writeValueAsBytes;
        byte[] bytes = body == null ? new byte[0] : write.apply(body);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static ConfigurationKey key(String path) {
        String[] parts = path.substring(CONFIGURATIONS.length() + 1).split("/");
        return new ConfigurationKey(parts[0], parts[1], parts[2]);
    }
}
