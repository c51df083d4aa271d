package dev.petiole.samples.inventory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;

/// An OPC UA session with one scale. Once a read has failed, it is of no more use.
final class ScaleConnection implements AutoCloseable {

    private static final String NAMESPACE = "urn:petiole:samples:shelf-scale";

    private final OpcUaClient client;
    private final List<NodeId> nodes;

    private ScaleConnection(OpcUaClient client, UShort namespace) {
        this.client = client;
        this.nodes = Stream.of("SerialNumber", "ProductName", "WeightGrams", "ItemWeightGrams")
                .map(name -> new NodeId(namespace, "Scale/" + name))
                .toList();
    }

    static ScaleConnection open(ScaleUrl url, Duration timeout) throws ScaleUnreadable {
        try {
            OpcUaClient client = OpcUaClient.create(
                    url.value(),
                    endpoints -> unsecured(endpoints, url),
                    transport -> transport
                            .setConnectTimeout(Unsigned.uint(timeout.toMillis()))
                            .setAcknowledgeTimeout(Unsigned.uint(timeout.toMillis())),
                    session -> session.setApplicationName(LocalizedText.english("Petiole inventory broker"))
                            .setApplicationUri("urn:petiole:samples:inventory-broker")
                            .setRequestTimeout(Unsigned.uint(timeout.toMillis())));
            return connect(client);
        } catch (UaException e) {
            throw new ScaleUnreadable("can't connect: " + e.getMessage(), e);
        }
    }

    private static ScaleConnection connect(OpcUaClient client) throws UaException, ScaleUnreadable {
        var connected = false;
        try {
            client.connect();
            UShort namespace = client.getNamespaceTable().getIndex(NAMESPACE);
            if (namespace == null) {
                throw new ScaleUnreadable("not a shelf scale: it lacks the namespace " + NAMESPACE);
            }
            connected = true;
            return new ScaleConnection(client, namespace);
        } finally {
            if (!connected) {
                // Otherwise it would go on connecting by itself.
                client.disconnectAsync();
            }
        }
    }

    Reading read(Clock clock) throws ScaleUnreadable {
        try {
            List<DataValue> values = client.readValues(0, TimestampsToReturn.Neither, nodes);
            return new Reading(
                    value(values.get(0), String.class),
                    value(values.get(1), String.class),
                    value(values.get(2), Double.class),
                    value(values.get(3), Double.class),
                    clock.instant());
        } catch (UaException e) {
            throw new ScaleUnreadable("can't read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // Without waiting: a scale that is gone can't say good-bye.
        client.disconnectAsync();
    }

    /// The endpoint to use, at the host that answered: a server seldom knows the name by which others reach it.
    private static Optional<EndpointDescription> unsecured(List<EndpointDescription> endpoints, ScaleUrl url) {
        return endpoints.stream()
                .filter(endpoint -> SecurityPolicy.None.getUri().equals(endpoint.getSecurityPolicyUri()))
                .map(endpoint -> EndpointUtil.updateUrl(
                        endpoint, EndpointUtil.getHost(url.value()), EndpointUtil.getPort(url.value())))
                .findFirst();
    }

    private static <T> T value(DataValue value, Class<T> type) throws ScaleUnreadable {
        Object content = value.value().value();
        if (!value.statusCode().isGood() || !type.isInstance(content)) {
            throw new ScaleUnreadable("a node is not readable: " + value.statusCode());
        }
        return type.cast(content);
    }
}
