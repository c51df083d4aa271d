package dev.petiole.registry.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.RegistryProcess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Traces, as a collector that speaks OTLP over HTTP gets them.
class TracingIT {

    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint=";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String TOKEN = "eyJ-a-token-that-nobody-may-read";

    @TempDir
    private Path directory;

    private final Queue<ExportTraceServiceRequest> received = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", this::receive);
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void aRequestIsASpanOfTheCallersTrace() throws Exception {
        try (RegistryProcess registry = RegistryProcess.start(
                        directory,
                        ENDPOINT + "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces",
                        "management.opentelemetry.tracing.export.schedule-delay=200ms");
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            registry.uri().resolve("/api/v1/configurations/petiole.dev/shop/scales"))
                    .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                    .header("Authorization", "Bearer " + TOKEN)
                    .build();
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);

            Span span = await().atMost(Duration.ofSeconds(30))
                    .until(this::findSpan, Optional::isPresent)
                    .orElseThrow();

            assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
                    .isEqualTo(TRACE);
            assertThat(HexFormat.of().formatHex(span.getParentSpanId().toByteArray()))
                    .isEqualTo(PARENT);
            // The route, not the path: spans of one operation go by one name.
            assertThat(attributes(span))
                    .containsEntry("uri", "/api/v1/configurations/{group}/{namespace}/{name}")
                    .containsEntry("method", "GET")
                    .containsEntry("status", "404");
            assertThat(received.stream()
                            .flatMap(sent -> sent.getResourceSpansList().stream())
                            .map(ResourceSpans::getResource)
                            .flatMap(resource -> resource.getAttributesList().stream())
                            .map(attribute -> attribute.getKey() + "="
                                    + attribute.getValue().getStringValue()))
                    .contains("service.name=petiole-registry-service");
            assertThat(received.toString()).doesNotContain(TOKEN);
        }
    }

    @Test
    void withoutAnEndpointNothingIsSentAndNothingIsSaidOfIt() throws Exception {
        try (RegistryProcess registry = RegistryProcess.start(directory)) {
            new RegistryClient(registry.uri(), Optional::empty).nodes().list(null, null);
        }

        assertThat(received).isEmpty();
        assertThat(log()).doesNotContainIgnoringCase("otlp").doesNotContainIgnoringCase("opentelemetry");
    }

    /// A collector that is not there costs a line in the log, and nobody an answer.
    @Test
    void aCollectorThatDoesNotAnswerIsNobodysTrouble() throws Exception {
        collector.stop(0);
        try (RegistryProcess registry = RegistryProcess.start(
                directory,
                ENDPOINT + "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces",
                "management.opentelemetry.tracing.export.schedule-delay=200ms")) {
            var client = new RegistryClient(registry.uri(), Optional::empty);
            client.nodes().list(null, null);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(log()).contains("Failed to export"));

            assertThat(client.nodes().list(null, null).items()).isEmpty();
        }
    }

    private Optional<Span> findSpan() {
        return received.stream()
                .flatMap(sent -> sent.getResourceSpansList().stream())
                .flatMap(spans -> spans.getScopeSpansList().stream())
                .flatMap(spans -> spans.getSpansList().stream())
                .filter(span -> attributes(span).getOrDefault("uri", "").startsWith("/api/v1/configurations/"))
                .findFirst();
    }

    private static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, attribute -> attribute.getValue().getStringValue()));
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        }
    }

    private String log() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log")).toList();
            assertThat(logs).hasSize(1);
            return Files.readString(logs.getFirst());
        }
    }
}
