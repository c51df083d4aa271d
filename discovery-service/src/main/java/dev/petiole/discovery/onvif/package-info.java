/// Finds ONVIF cameras by WS-Discovery (ONVIF Core §7) and reads what they say of themselves.
///
/// The handler is the only public type. Everything a camera sends is hostile until parsed: messages are read by
/// [dev.petiole.discovery.onvif.Xml] alone, sockets are touched by [dev.petiole.discovery.onvif.DiscoverySockets] and
/// [dev.petiole.discovery.onvif.SoapTransport] alone, and what is concluded from both is in
/// [dev.petiole.discovery.onvif.CameraTable], which does no I/O.
@NullMarked
package dev.petiole.discovery.onvif;

import org.jspecify.annotations.NullMarked;
