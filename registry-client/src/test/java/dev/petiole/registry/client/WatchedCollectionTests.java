package dev.petiole.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.petiole.api.configuration.Configuration;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A watch over real HTTP, against a server that answers each connection with the next scripted reply and then cuts it.
class WatchedCollectionTests {

    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final List<String> positions = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private RegistryClient client;

    record Reply(int status, String body) {}

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        client = new RegistryClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Credentials.NONE);
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void isSyncedOnlyWithTheWholeInitialState() {
        script.add(new Reply(200, added("a", "e-1")));
        script.add(new Reply(200, added("a", "e-1") + added("b", "e-2") + initialEnd("e-2")));

        try (var configurations = watch()) {
            await().until(configurations::isSynced);

            assertThat(configurations.list()).extracting(c -> c.key().name()).containsExactlyInAnyOrder("a", "b");
            assertThat(positions).startsWith("", "");
        }
    }

    @Test
    void whatIsDeletedWhileTheInitialStateIsSentIsNotThere() {
        script.add(new Reply(
                200, added("a", "e-1") + added("b", "e-2") + event("deleted", "a", "e-2") + initialEnd("e-3")));

        try (var configurations = watch()) {
            await().until(configurations::isSynced);

            assertThat(configurations.list()).extracting(c -> c.key().name()).containsExactly("b");
        }
    }

    @Test
    void goesOnWhereItWasCutOff() {
        script.add(new Reply(200, added("a", "e-1") + initialEnd("e-1") + added("b", "e-2")));
        script.add(new Reply(200, event("deleted", "a", "e-3")));

        try (var configurations = watch()) {
            await().until(() -> configurations.isSynced()
                    && configurations.find("petiole.dev/default/a").isEmpty()
                    && configurations.find("petiole.dev/default/b").isPresent());
            await().until(() -> positions.size() >= 3);

            assertThat(positions).startsWith("", "e-2", "e-3");
        }
    }

    /// What vanished while the watch could not see it must vanish from the copy too.
    @Test
    void beginsAnewWhenItsPlaceIsGone() {
        script.add(new Reply(200, added("old", "e-1") + initialEnd("e-1")));
        script.add(new Reply(410, "{\"type\":\"https://petiole.dev/problems/gone\"}"));
        script.add(new Reply(200, added("new", "f-1") + initialEnd("f-1")));

        try (var configurations = watch()) {
            await().until(() -> configurations.find("petiole.dev/default/new").isPresent());

            assertThat(configurations.find("petiole.dev/default/old")).isEmpty();
        }
    }

    /// Absence of news is not news of absence.
    @Test
    void keepsItsCopyWhileTheRegistryFails() {
        script.add(new Reply(200, added("a", "e-1") + initialEnd("e-1")));
        script.add(new Reply(503, "oops"));

        try (var configurations = watch()) {
            await().until(() -> positions.size() >= 4);

            assertThat(configurations.isSynced()).isTrue();
            assertThat(configurations.list()).hasSize(1);
        }
    }

    @Test
    void aRefusalCarriesTheProblemsTypeAndDetail() {
        script.add(new Reply(
                404,
                "{\"type\":\"https://petiole.dev/problems/not-found\",\"status\":404,\"detail\":\"no such device\"}"));

        assertThatThrownBy(() -> client.devices().get("petiole.dev", "default", "x-1"))
                .isInstanceOfSatisfying(RegistryProblem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(404);
                    assertThat(problem.type()).isEqualTo("not-found");
                    assertThat(problem).hasMessageContaining("no such device");
                });
    }

    @Test
    void anUnreachableRegistryIsToldApart() {
        server.stop(0);

        assertThatThrownBy(() -> client.devices().get("petiole.dev", "default", "x-1"))
                .isInstanceOf(RegistryUnreachable.class);
    }

    private WatchedCollection<Configuration> watch() {
        var configurations = client.watchConfigurations(Map.of("node", "node 1&x"), new Random(1));
        configurations.start();
        return configurations;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String position = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        positions.add(position == null ? "" : position);
        Reply reply = script.isEmpty() ? new Reply(503, "{}") : script.remove();
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", reply.status() == 200 ? "text/event-stream" : "application/problem+json");
        exchange.sendResponseHeaders(reply.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String added(String name, String id) {
        return event("added", name, id);
    }

    private static String initialEnd(String id) {
        return "event: bookmark\nid: " + id + "\ndata: {\"resourceVersion\":\"" + id
                + "\",\"initialEventsEnd\":true}\n\n";
    }

    private static String event(String event, String name, String id) {
        String item = """
                {"key":{"group":"petiole.dev","namespace":"default","name":"%s"},"uid":"u-%s","generation":1,\
                "managedBy":"Kubernetes","spec":{"discoveryHandler":{"name":"debugEcho"}},\
                "status":{"nodes":[],"devices":{"online":0,"missing":0,"unknown":0,"offline":0}},\
                "resourceVersion":"%s"}""".formatted(name, name, id);
        return "event: " + event + "\nid: " + id + "\ndata: " + item + "\n\n";
    }
}
