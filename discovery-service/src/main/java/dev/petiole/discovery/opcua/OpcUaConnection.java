package dev.petiole.discovery.opcua;

import java.util.List;

/// An open connection to one discovery URL: the discovery services need no session and no security (OPC UA Part 4
/// §5.5.1).
interface OpcUaConnection extends AutoCloseable {

    boolean isOpen();

    /// @return all applications known there, the server itself among them
    List<Application> findServers() throws EndpointUnreachable, InterruptedException;

    /// Asks a discovery server for the servers that it heard of by multicast (OPC UA Part 4 §5.4.3).
    ///
    /// @return their discovery URLs, as they are announced
    /// @throws EndpointUnreachable also if it does not know the service, which only an LDS-ME does
    List<String> findServersOnNetwork() throws EndpointUnreachable, InterruptedException;

    EndpointFacts getEndpoints() throws EndpointUnreachable, InterruptedException;

    /// Closes it without waiting.
    @Override
    void close();
}
