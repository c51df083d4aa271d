package dev.petiole.samples.scale;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/// One running scale: an OPC UA server (no security, anonymous) whose weight follows what happens on its shelf.
public final class ShelfScale implements AutoCloseable {

    static final Duration SHOPPING_PERIOD = Duration.ofSeconds(2);

    private final ScheduledExecutorService shopping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("shopping").factory());
    private final ScaleSettings settings;
    private final Shelf shelf;
    private final OpcUaServer server;
    private final ScaleNamespace namespace;

    private ShelfScale(ScaleSettings settings) {
        this.settings = settings;
        this.shelf = new Shelf(new Random(settings.seed()));
        this.server = new OpcUaServer(
                serverConfig(settings),
                _ -> new OpcTcpServerTransport(
                        OpcTcpServerTransportConfig.newBuilder().build()));
        this.namespace = new ScaleNamespace(server, settings, weightGrams());
    }

    /// Starts a scale; it can be found and read once this returns.
    ///
    /// @throws IllegalStateException if its port can't be bound
    public static ShelfScale start(ScaleSettings settings) {
        var scale = new ShelfScale(settings);
        scale.namespace.startup();
        try {
            scale.server.startup().join();
        } catch (RuntimeException e) {
            scale.shopping.shutdownNow();
            throw new IllegalStateException("SCALE_PORT: %d (can't be bound)".formatted(settings.port()), e);
        }
        scale.shopping.scheduleAtFixedRate(
                scale::shop, SHOPPING_PERIOD.toMillis(), SHOPPING_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return scale;
    }

    /// Unplugs the scale.
    @Override
    public void close() {
        shopping.shutdownNow();
        server.shutdown().join();
    }

    private void shop() {
        shelf.shop();
        namespace.setWeight(weightGrams());
    }

    private double weightGrams() {
        return (double) shelf.count() * settings.itemWeightGrams();
    }

    private static OpcUaServerConfig serverConfig(ScaleSettings settings) {
        var endpoint = EndpointConfig.newBuilder()
                .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
                .setBindAddress("0.0.0.0")
                .setBindPort(settings.port())
                .setHostname(settings.host())
                .setPath("/")
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS)
                .build();
        return OpcUaServerConfig.builder()
                .setEndpoints(Set.of(endpoint))
                .setApplicationUri(settings.applicationUri())
                .setApplicationName(LocalizedText.english("shelf-scale " + settings.name()))
                .setProductUri(ScaleNamespace.URI)
                .setBuildInfo(new BuildInfo(
                        ScaleNamespace.URI, "Petiole", "Shelf scale", Stack.VERSION, "1", DateTime.MIN_VALUE))
                .setCertificateManager(new DefaultCertificateManager(new MemoryCertificateQuarantine()))
                .build();
    }
}
