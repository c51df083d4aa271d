package dev.petiole.discovery.opcua;

/// Opens connections to OPC UA servers. Thread-safe.
interface OpcUaConnector {

    /// @param whenLost called once the connection is closed by anything but [OpcUaConnection#close()]; must not block
    /// @throws EndpointUnreachable if nobody answers there in time
    OpcUaConnection open(DiscoveryUrl url, Runnable whenLost) throws EndpointUnreachable, InterruptedException;
}
