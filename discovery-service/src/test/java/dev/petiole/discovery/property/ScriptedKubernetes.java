package dev.petiole.discovery.property;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// As much of the Kubernetes API as reading Secrets and ConfigMaps takes, with its rules of access.
final class ScriptedKubernetes implements AutoCloseable {

    private final HttpServer server;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<String, Map<String, String>> objects = new ConcurrentHashMap<>();
    private final Map<String, Map<String, byte[]>> binary = new ConcurrentHashMap<>();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final Map<String, String> granted = new ConcurrentHashMap<>();
    private final List<OutputStream> watchers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean isAway;

    ScriptedKubernetes() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// @param path such as `shop/secrets/cameras`
    /// @param verbs such as `get,watch`
    void grant(String path, String verbs) {
        granted.put(path, verbs);
    }

    void revoke(String path) {
        granted.remove(path);
    }

    void put(String path, Map<String, String> values) {
        objects.put(path, values);
        versions.merge(path, 1, Integer::sum);
        for (OutputStream watcher : watchers) {
            try {
                watcher.write("{\"type\":\"MODIFIED\",\"object\":{}}\n".getBytes(StandardCharsets.UTF_8));
                watcher.flush();
            } catch (IOException _) {
                watchers.remove(watcher);
            }
        }
    }

    /// Puts a Secret with values that need not be text.
    void putBytes(String path, Map<String, byte[]> values) {
        binary.put(path, values);
        put(path, Map.of());
    }

    void delete(String path) {
        objects.remove(path);
    }

    void away(boolean now) {
        isAway = now;
    }

    /// @return whether anyone waits for changes
    boolean isWatched() {
        return !watchers.isEmpty();
    }

    /// @return the requests so far, such as `get shop/secrets/cameras` or `metadata …` or `watch …`
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String[] parts = exchange.getRequestURI().getPath().split("/");
        String query = exchange.getRequestURI().getQuery();
        boolean isWatch = query != null && query.contains("watch=1");
        String name = isWatch ? query.replaceAll(".*fieldSelector=metadata.name=([^&]*).*", "$1") : parts[6];
        String path = parts[4] + "/" + parts[5] + "/" + name;
        boolean isMetadata = exchange.getRequestHeaders().getFirst("Accept").contains("PartialObjectMetadata");
        requests.add((isWatch ? "watch " : isMetadata ? "metadata " : "get ") + path);
        if (isAway) {
            exchange.sendResponseHeaders(503, -1);
        } else if (!List.of(granted.getOrDefault(path, "").split(",")).contains(isWatch ? "watch" : "get")) {
            exchange.sendResponseHeaders(403, -1);
        } else if (isWatch) {
            exchange.sendResponseHeaders(200, 0);
            watchers.add(exchange.getResponseBody());
            return;
        } else {
            send(exchange, object(path, isMetadata));
        }
        exchange.close();
    }

    private @Nullable Object object(String path, boolean isMetadata) {
        Map<String, String> values = objects.get(path);
        if (values == null) {
            return null;
        }
        var object = new HashMap<String, Object>();
        object.put("metadata", Map.of("resourceVersion", String.valueOf(versions.get(path))));
        if (!isMetadata) {
            boolean isSecret = path.contains("/secrets/");
            Map<String, byte[]> bytes = binary.getOrDefault(path, Map.of());
            object.put(
                    "data",
                    !bytes.isEmpty()
                            ? bytes
                            : values.entrySet().stream()
                                    .collect(Collectors.toMap(
                                            Map.Entry::getKey,
                                            entry -> isSecret
                                                    ? Base64.getEncoder()
                                                            .encodeToString(entry.getValue()
                                                                    .getBytes(StandardCharsets.UTF_8))
                                                    : entry.getValue())));
        }
        return object;
    }

    private void send(HttpExchange exchange, @Nullable Object object) throws IOException {
        if (object == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] body = json.writeValueAsBytes(object);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
