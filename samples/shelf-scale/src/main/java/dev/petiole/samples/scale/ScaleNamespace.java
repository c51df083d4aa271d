package dev.petiole.samples.scale;

import java.util.List;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.Lifecycle;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaObjectNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.util.SubscriptionModel;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;

/// The scale's nodes: `Scale` with its weight, the weight of an item, the product's name and the serial number.
final class ScaleNamespace extends ManagedNamespaceWithLifecycle {

    static final String URI = "urn:petiole:samples:shelf-scale";

    private final ScaleSettings settings;
    private final SubscriptionModel subscriptions;
    private final UaVariableNode weight;

    ScaleNamespace(OpcUaServer server, ScaleSettings settings, double weightGrams) {
        super(server, URI);
        this.settings = settings;
        this.subscriptions = new SubscriptionModel(server, this);
        this.weight = variable("WeightGrams", NodeIds.Double, weightGrams);
        getLifecycleManager().addLifecycle(subscriptions);
        getLifecycleManager().addLifecycle(new Lifecycle() {
            @Override
            public void startup() {
                addNodes();
            }

            @Override
            public void shutdown() {
                // The nodes go with the server.
            }
        });
    }

    void setWeight(double grams) {
        weight.setValue(new DataValue(new Variant(grams)));
    }

    private void addNodes() {
        UaObjectNode scale = UaObjectNode.builder(getNodeContext())
                .setNodeId(newNodeId("Scale"))
                .setBrowseName(newQualifiedName("Scale"))
                .setDisplayName(LocalizedText.english("Scale"))
                .setTypeDefinition(NodeIds.BaseObjectType)
                .build();
        scale.addReference(
                new Reference(scale.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
        getNodeManager().addNode(scale);
        List.of(
                        weight,
                        variable("ItemWeightGrams", NodeIds.Double, (double) settings.itemWeightGrams()),
                        variable("ProductName", NodeIds.String, settings.item()),
                        variable("SerialNumber", NodeIds.String, settings.name()))
                .forEach(node -> {
                    getNodeManager().addNode(node);
                    scale.addComponent(node);
                });
    }

    private UaVariableNode variable(String name, NodeId dataType, Object value) {
        return UaVariableNode.builder(getNodeContext())
                .setNodeId(newNodeId("Scale/" + name))
                .setBrowseName(newQualifiedName(name))
                .setDisplayName(LocalizedText.english(name))
                .setDataType(dataType)
                .setTypeDefinition(NodeIds.BaseDataVariableType)
                .setAccessLevel(AccessLevel.READ_ONLY)
                .setUserAccessLevel(AccessLevel.READ_ONLY)
                .setValue(new DataValue(new Variant(value)))
                .build();
    }

    @Override
    public void onDataItemsCreated(List<DataItem> items) {
        subscriptions.onDataItemsCreated(items);
    }

    @Override
    public void onDataItemsModified(List<DataItem> items) {
        subscriptions.onDataItemsModified(items);
    }

    @Override
    public void onDataItemsDeleted(List<DataItem> items) {
        subscriptions.onDataItemsDeleted(items);
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> items) {
        subscriptions.onMonitoringModeChanged(items);
    }
}
