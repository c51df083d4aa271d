package dev.petiole.discovery.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The part of the Kubernetes API that a discovery service uses: ResourceClaims, and server-side apply of their
/// status.
public final class ScriptedKubernetes implements AutoCloseable {

    private static final String PREFIX = "/apis/resource.k8s.io/v1/namespaces/";

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, ObjectNode> claims = new ConcurrentHashMap<>();
    private final List<JsonNode> applied = new CopyOnWriteArrayList<>();

    public ScriptedKubernetes() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /// A ResourceClaim of the namespace `shop`, reserved for a Pod of the same name.
    ///
    /// @param slots `<pool> <slot>`, each allocated to a request of its own: r0, r1, …
    public void putClaim(String namespace, String name, String uid, String... slots) {
        ObjectNode claim = json.createObjectNode();
        claim.put("apiVersion", "resource.k8s.io/v1").put("kind", "ResourceClaim");
        claim.putObject("metadata")
                .put("namespace", namespace)
                .put("name", name)
                .put("uid", uid);
        ObjectNode status = claim.putObject("status");
        status.putArray("reservedFor").addObject().put("resource", "pods").put("name", name);
        var results = status.putObject("allocation").putObject("devices").putArray("results");
        results.addObject()
                .put("driver", "other.example")
                .put("request", "x")
                .put("pool", "p")
                .put("device", "d");
        for (int i = 0; i < slots.length; i++) {
            String[] slot = slots[i].split(" ");
            results.addObject()
                    .put("driver", "petiole.dev")
                    .put("request", "r" + i)
                    .put("pool", slot[0])
                    .put("device", slot[1]);
        }
        claims.put(namespace + "/" + name, claim);
    }

    public void removeClaim(String namespace, String name) {
        claims.remove(namespace + "/" + name);
    }

    /// @return all that was applied to a claim's status, in order
    public List<JsonNode> applied() {
        return List.copyOf(applied);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String[] path =
                exchange.getRequestURI().getPath().substring(PREFIX.length()).split("/", -1);
        ObjectNode claim = claims.get(path[0] + "/" + path[2]);
        if (claim == null) {
            respond(exchange, 404, json.createObjectNode().put("message", "not found"));
        } else if (exchange.getRequestMethod().equals("GET")) {
            respond(exchange, 200, claim);
        } else {
            JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
            applied.add(body);
            ((ObjectNode) claim.path("status")).set("devices", body.at("/status/devices"));
            respond(exchange, 200, claim);
        }
    }

    private static void respond(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
