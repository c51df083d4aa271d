/// Finds OPC UA servers by asking known discovery URLs (OPC UA Part 4 §5.5).
///
/// Nothing here is public: the handler is reached through its interface. Eclipse Milo is touched by
/// [dev.petiole.discovery.opcua.MiloConnection] and
/// [dev.petiole.discovery.opcua.MiloConnector] alone, which are loaded when a Configuration first asks for OPC UA.
@NullMarked
package dev.petiole.discovery.opcua;

import org.jspecify.annotations.NullMarked;
