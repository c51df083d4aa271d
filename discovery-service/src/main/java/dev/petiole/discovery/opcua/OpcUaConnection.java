package dev.petiole.discovery.opcua;

import java.util.List;

/// An open connection to one discovery URL: the discovery services need no session and no security (OPC UA Part 4
/// §5.5.1).
interface OpcUaConnection extends AutoCloseable {

    boolean isOpen();

    /// @return all applications known there, the server itself among them
    List<Application> findServers() throws EndpointUnreachable, InterruptedException;

    EndpointFacts getEndpoints() throws EndpointUnreachable, InterruptedException;

    /// Closes it without waiting.
    @Override
    void close();
}
