package dev.petiole.registry.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.HandlerReport.ReportedEndpoint;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.handler.Handler;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// What nodes report of their handlers, who reads it, and what it means for what is written: over HTTP.
class HandlersIT {

    private static final Map<String, Object> SCHEMA = Map.of(
            "type",
            "object",
            "additionalProperties",
            false,
            "required",
            List.of("ports"),
            "properties",
            Map.of("ports", Map.of("type", "array", "items", Map.of("type", "integer"))));

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static RegistryClient client;

    private String node;
    private String name;
    private String session;
    private long sequence;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        client = registry.client();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void separate(TestInfo test) {
        name = "h" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
        node = name + "-n1";
        session = client.agents()
                .renewLease(node, new LeaseRequest(null, List.of()))
                .session();
    }

    @Test
    void aNodesHandlersAreListedWithTheirSchemaAndHealth() {
        report(handler(HandlerState.READY, null, SCHEMA));

        Handler handler = onlyHandler();
        assertThat(handler.node()).isEqualTo(node);
        assertThat(handler.kind()).isEqualTo(HandlerKind.EXTERNAL);
        assertThat(handler.state()).isEqualTo(HandlerState.READY);
        assertThat(handler.lastError()).isNull();
        assertThat(handler.detailsSchema()).isEqualTo(SCHEMA);
        assertThat(client.handlers().list(null, node, null, null).items()).hasSize(1);
        assertThat(client.handlers().list(name, "elsewhere", null, null).items())
                .isEmpty();
        assertThat(client.handlers().get(node, name)).isEqualTo(handler);
    }

    @Test
    void theLastErrorStaysWhenAHandlerHasRecovered() {
        report(handler(HandlerState.READY, null, null));
        report(handler(HandlerState.UNAVAILABLE, "it does not answer", null));
        Handler broken = onlyHandler();
        report(handler(HandlerState.UNAVAILABLE, "it does not answer", null));
        assertThat(onlyHandler().resourceVersion())
                .as("the same again is no news")
                .isEqualTo(broken.resourceVersion());
        report(handler(HandlerState.READY, null, null));

        Handler recovered = onlyHandler();
        assertThat(broken.lastError().message()).isEqualTo("it does not answer");
        assertThat(recovered.state()).isEqualTo(HandlerState.READY);
        assertThat(recovered.lastError()).isEqualTo(broken.lastError());
        assertThat(recovered.since()).isAfterOrEqualTo(broken.since());
        assertThat(recovered.endpoints())
                .extracting(Handler.Endpoint::address, Handler.Endpoint::state)
                .containsExactly(tuple("/sockets/a.sock", HandlerState.READY));
    }

    @Test
    void aHandlerThatIsNotReportedAnyMoreIsGone() {
        report(handler(HandlerState.READY, null, null));
        report();

        assertThat(client.handlers().list(name, null, null, null).items()).isEmpty();
        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(() -> client.handlers().get(node, name))
                .returns("not-found", RegistryProblem::type);
    }

    @Test
    void aReportThatComesLateSaysNothing() {
        report();
        report(handler(HandlerState.READY, null, null));
        client.agents().reportHandlers(node, new HandlerReport(session, 1, List.of()));
        client.agents().reportHandlers(node, new HandlerReport(session, sequence, List.of()));

        assertThat(onlyHandler().state()).isEqualTo(HandlerState.READY);
    }

    @Test
    void aReplacedSessionIsNotHeard() {
        client.agents().renewLease(node, new LeaseRequest(null, List.of()));

        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(() -> report(handler(HandlerState.READY, null, null)))
                .returns("session-replaced", RegistryProblem::type);
    }

    @Test
    void theHandlersOfANodeThatIsNoMoreGo() {
        report(handler(HandlerState.READY, null, null));
        var here = new dev.petiole.api.node.Node.NodeFacts("uid", "boot", Map.of(), true, false);
        client.nodes().putCluster(new ClusterFacts("cluster", Map.of(node, here)));

        client.nodes().putCluster(new ClusterFacts("cluster", Map.of()));

        assertThat(client.handlers().list(name, null, null, null).items()).isEmpty();
    }

    @Test
    void watchersSeeHandlersComeAndGo() throws Exception {
        try (var events = EventLog.open(registry.uri().resolve("/api/v1/handlers?name=" + name), null)) {
            report(handler(HandlerState.READY, null, null));
            report(handler(HandlerState.UNAVAILABLE, "gone", null));
            report();

            assertThat(events.next(4))
                    .extracting(EventLog.Event::name)
                    .containsExactly("bookmark", "added", "modified", "deleted");
        }
    }

    @Test
    void detailsThatTheSchemaDoesNotAllowAreRefusedWhenTheyAreWritten() {
        report(handler(HandlerState.READY, null, SCHEMA));

        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(() -> write("ports: [80, x]\nport: 1", null))
                .returns("invalid-field", RegistryProblem::type)
                .withMessageContaining("spec.discoveryHandler.discoveryDetails.ports[1] must be integer")
                .withMessageContaining("spec.discoveryHandler.discoveryDetails.port is unknown (known here: ports)");
        assertThat(write("ports: [80]", null).generation()).isEqualTo(1);
    }

    /// It is there already, whatever it says; the discovery services tell in its status.
    @Test
    void aConfigurationOfKubernetesIsTakenAsItIs() {
        report(handler(HandlerState.READY, null, SCHEMA));

        assertThat(write("ports: x", "uid-1").uid()).isEqualTo("uid-1");
    }

    /// Nodes are upgraded one by one.
    @Test
    void itIsEnoughThatTheHandlerOfOneNodeTakesTheDetails() {
        report(handler(HandlerState.READY, null, SCHEMA));
        String other = node + "-2";
        String otherSession = client.agents()
                .renewLease(other, new LeaseRequest(null, List.of()))
                .session();
        client.agents()
                .reportHandlers(
                        other,
                        new HandlerReport(
                                otherSession, 1, List.of(handler(HandlerState.READY, null, Map.of("type", "object")))));

        assertThat(write("speed: 3", null).generation()).isEqualTo(1);
    }

    @Test
    void aSchemaThatCouldHarmTheRegistryIsRefused() {
        Map<String, Object> schema = Map.of("properties", Map.of("a", Map.of("pattern", "(x+x+)+y")));

        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(() -> report(handler(HandlerState.READY, null, schema)))
                .returns("invalid-field", RegistryProblem::type)
                .withMessageContaining("handlers[0].detailsSchema")
                .withMessageContaining("/properties/a/pattern");
    }

    private dev.petiole.api.configuration.Configuration write(String details, @Nullable String uid) {
        var spec = ConfigurationSpec.of(new DiscoveryHandlerSpec(name, details, null), 1);
        return client.configurations()
                .put(
                        ConfigurationKey.PETIOLE,
                        name,
                        "things",
                        new ConfigurationWrite(uid, uid == null ? null : 1L, spec));
    }

    private Handler onlyHandler() {
        List<Handler> all = client.handlers().list(name, null, null, null).items();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void report(ReportedHandler... handlers) {
        client.agents().reportHandlers(node, new HandlerReport(session, ++sequence, List.of(handlers)));
    }

    private ReportedHandler handler(
            HandlerState state, @Nullable String message, @Nullable Map<String, Object> schema) {
        return new ReportedHandler(
                name,
                HandlerKind.EXTERNAL,
                true,
                state,
                message,
                schema,
                List.of(new ReportedEndpoint("/sockets/a.sock", state, message)));
    }
}
