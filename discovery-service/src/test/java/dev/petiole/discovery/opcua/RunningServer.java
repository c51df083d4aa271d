package dev.petiole.discovery.opcua;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.servicesets.impl.DefaultDiscoveryServiceSet;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.ApplicationType;
import org.eclipse.milo.opcua.stack.core.types.structured.ApplicationDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersOnNetworkRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersOnNetworkResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.ResponseHeader;
import org.eclipse.milo.opcua.stack.core.types.structured.ServerOnNetwork;
import org.eclipse.milo.opcua.stack.transport.server.ServiceRequestContext;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/// A real OPC UA server on this machine, made by Milo's server SDK.
public final class RunningServer implements AutoCloseable {

    private final OpcUaServer server;
    private final int port;
    private boolean isRunning = true;

    private RunningServer(OpcUaServer server, int port) {
        this.server = server;
        this.port = port;
        server.startup().join();
    }

    public static RunningServer start(String name) {
        return start(name, "localhost", freePort());
    }

    public static RunningServer start(String name, String advertisedHost, int port) {
        return new RunningServer(new OpcUaServer(config(name, advertisedHost, port), _ -> transport()), port);
    }

    /// A server that answers FindServers with whatever a test wants, as a discovery server does.
    static RunningServer startDiscoveryServer(List<ApplicationDescription> applications) {
        return startDiscoveryServer(applications, new String[0]);
    }

    /// @param heardOf the URLs of servers that it heard of by multicast
    static RunningServer startDiscoveryServer(List<ApplicationDescription> applications, String... heardOf) {
        int port = freePort();
        var server = new OpcUaServer(config("lds", "localhost", port), _ -> transport());
        server.addServiceSet("/", new DefaultDiscoveryServiceSet(server) {
            @Override
            public FindServersResponse onFindServers(ServiceRequestContext context, FindServersRequest request) {
                return new FindServersResponse(
                        new ResponseHeader(
                                DateTime.now(),
                                request.getRequestHeader().getRequestHandle(),
                                StatusCode.GOOD,
                                null,
                                null,
                                null),
                        applications.toArray(ApplicationDescription[]::new));
            }

            @Override
            public FindServersOnNetworkResponse onFindServersOnNetwork(
                    ServiceRequestContext context, FindServersOnNetworkRequest request) throws UaException {
                if (heardOf.length == 0) {
                    // As a discovery server without the multicast extension.
                    return super.onFindServersOnNetwork(context, request);
                }
                return new FindServersOnNetworkResponse(
                        new ResponseHeader(
                                DateTime.now(),
                                request.getRequestHeader().getRequestHandle(),
                                StatusCode.GOOD,
                                null,
                                null,
                                null),
                        DateTime.now(),
                        Arrays.stream(heardOf)
                                .map(url -> new ServerOnNetwork(Unsigned.uint(1), "name", url, new String[] {"DA"}))
                                .toArray(ServerOnNetwork[]::new));
            }
        });
        return new RunningServer(server, port);
    }

    static ApplicationDescription application(String name, ApplicationType type, String... discoveryUrls) {
        return new ApplicationDescription(
                uri(name), "urn:product", LocalizedText.english(name), type, null, null, discoveryUrls);
    }

    static String uri(String name) {
        return "urn:petiole:test:" + name;
    }

    public String url() {
        return url(port);
    }

    static String url(int port) {
        return "opc.tcp://localhost:" + port + "/";
    }

    @Override
    public void close() {
        if (isRunning) {
            isRunning = false;
            server.shutdown().join();
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static OpcTcpServerTransport transport() {
        return new OpcTcpServerTransport(
                OpcTcpServerTransportConfig.newBuilder().build());
    }

    private static OpcUaServerConfig config(String name, String advertisedHost, int port) {
        var endpoint = EndpointConfig.newBuilder()
                .setBindAddress("0.0.0.0")
                .setBindPort(port)
                .setHostname(advertisedHost)
                .setPath("/")
                .addTokenPolicies(
                        OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME, OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS)
                .build();
        return OpcUaServerConfig.builder()
                .setEndpoints(Set.of(endpoint))
                .setApplicationUri(uri(name))
                .setApplicationName(LocalizedText.english(name))
                .setProductUri("urn:product")
                .setCertificateManager(new DefaultCertificateManager(new MemoryCertificateQuarantine()))
                .build();
    }
}
