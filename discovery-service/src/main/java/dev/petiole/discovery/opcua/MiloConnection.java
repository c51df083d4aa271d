package dev.petiole.discovery.opcua;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.ApplicationType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.ApplicationDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersOnNetworkRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.FindServersOnNetworkResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.jspecify.annotations.Nullable;

/// A secure channel without security, held by Eclipse Milo.
final class MiloConnection implements OpcUaConnection {

    private static final int MAX_RECORDS = 500;

    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final DiscoveryUrl url;
    private final Duration timeout;
    private final Semaphore calls;
    private final Runnable whenLost;
    private final OpcTcpClientTransport transport;
    private final DiscoveryClient client;

    // Completed when the channel has closed.
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private State state = State.CONNECTING;

    MiloConnection(DiscoveryUrl url, Duration timeout, Semaphore calls, Runnable whenLost) {
        this.url = url;
        this.timeout = timeout;
        this.calls = calls;
        this.whenLost = whenLost;
        this.transport = new OpcTcpClientTransport(MiloConnector.transport(timeout, this));
        this.client = new DiscoveryClient(unsecured(url), transport);
    }

    void connect() throws EndpointUnreachable, InterruptedException {
        var connected = false;
        try {
            await(client::connectAsync);
            connected = becomeOpen();
            if (!connected) {
                throw new EndpointUnreachable("it closed the connection at once");
            }
        } finally {
            if (!connected) {
                // Otherwise Milo would go on connecting by itself.
                close();
            }
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public List<Application> findServers() throws EndpointUnreachable, InterruptedException {
        ApplicationDescription @Nullable [] servers = await(
                        () -> client.findServers(url.toString(), new String[0], new String[0]))
                .getServers();
        return listOf(servers).stream().map(MiloConnection::application).toList();
    }

    /// Milo's client has no call for it, so the request is sent as it is.
    @Override
    public List<String> findServersOnNetwork() throws EndpointUnreachable, InterruptedException {
        var request = new FindServersOnNetworkRequest(
                client.newRequestHeader(NodeId.NULL_VALUE, Unsigned.uint(timeout.toMillis())),
                Unsigned.uint(0),
                Unsigned.uint(MAX_RECORDS),
                new String[0]);
        return await(() -> transport.sendRequestMessage(request)) instanceof FindServersOnNetworkResponse response
                ? listOf(response.getServers()).stream()
                        .map(server -> textOf(server.getDiscoveryUrl()))
                        .filter(address -> !address.isEmpty())
                        .toList()
                : List.of();
    }

    @Override
    public EndpointFacts getEndpoints() throws EndpointUnreachable, InterruptedException {
        EndpointDescription @Nullable [] endpoints = await(() -> client.getEndpoints(
                        url.toString(), new String[0], new String[] {Stack.TCP_UASC_UABINARY_TRANSPORT_URI}))
                .getEndpoints();
        return facts(listOf(endpoints));
    }

    @Override
    public void close() {
        synchronized (this) {
            state = State.CLOSED;
        }
        client.disconnectAsync();
    }

    /// Called by the event loop.
    void onChannelClosed() {
        end.complete(null);
        synchronized (this) {
            boolean wasOpen = state == State.OPEN;
            state = State.CLOSED;
            if (!wasOpen) {
                // Whoever connects or has closed it is told by the state.
                return;
            }
        }
        client.disconnectAsync();
        whenLost.run();
    }

    private synchronized boolean becomeOpen() {
        if (state == State.CONNECTING) {
            state = State.OPEN;
        }
        return state == State.OPEN;
    }

    private <T> T await(Supplier<CompletableFuture<T>> call) throws EndpointUnreachable, InterruptedException {
        calls.acquire();
        try {
            CompletableFuture<T> answer = call.get();
            CompletableFuture.anyOf(answer, end).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!answer.isDone()) {
                throw new EndpointUnreachable("it closed the connection");
            }
            return answer.get();
        } catch (ExecutionException e) {
            throw new EndpointUnreachable(explain(e), e);
        } catch (TimeoutException e) {
            throw new EndpointUnreachable("no answer within " + timeout.toMillis() + " ms", e);
        } finally {
            calls.release();
        }
    }

    private static String explain(ExecutionException e) {
        Throwable last = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "its host name can't be resolved";
            }
            if (cause instanceof ConnectException) {
                return String.valueOf(cause.getMessage()).contains("refused")
                        ? "connection refused"
                        : "no connection (" + cause.getMessage() + ")";
            }
            last = cause;
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    private static EndpointDescription unsecured(DiscoveryUrl url) {
        return new EndpointDescription(
                url.toString(),
                null,
                null,
                MessageSecurityMode.None,
                SecurityPolicy.None.getUri(),
                null,
                Stack.TCP_UASC_UABINARY_TRANSPORT_URI,
                Unsigned.ubyte(0));
    }

    private static Application application(ApplicationDescription description) {
        LocalizedText name = description.getApplicationName();
        ApplicationType type = description.getApplicationType();
        return new Application(
                textOf(description.getApplicationUri()),
                textOf(name == null ? null : name.getText()),
                textOf(description.getProductUri()),
                type == ApplicationType.Server || type == ApplicationType.ClientAndServer,
                type == ApplicationType.DiscoveryServer,
                listOf(description.getDiscoveryUrls()));
    }

    private static EndpointFacts facts(List<EndpointDescription> endpoints) {
        var policies = new TreeSet<String>();
        var modes = new TreeSet<String>();
        var tokenTypes = new TreeSet<String>();
        for (EndpointDescription endpoint : endpoints) {
            String policy = textOf(endpoint.getSecurityPolicyUri());
            policies.add(policy.substring(policy.indexOf('#') + 1));
            MessageSecurityMode mode = endpoint.getSecurityMode();
            if (mode != null) {
                modes.add(mode.name());
            }
            for (UserTokenPolicy token : listOf(endpoint.getUserIdentityTokens())) {
                if (token.getTokenType() != null) {
                    tokenTypes.add(token.getTokenType().name());
                }
            }
        }
        policies.remove("");
        return new EndpointFacts(policies, modes, tokenTypes);
    }

    private static <T> List<T> listOf(T @Nullable [] array) {
        return array == null
                ? List.of()
                : Arrays.stream(array).filter(element -> element != null).toList();
    }

    private static String textOf(@Nullable String text) {
        return text == null ? "" : text;
    }
}
