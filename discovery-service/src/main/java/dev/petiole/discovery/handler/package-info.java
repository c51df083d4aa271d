/// What it takes to speak a protocol: one [DiscoveryHandler] bean. Every protocol is a package of its own beside this
/// one; it uses this package and nothing else of the discovery service.
@NullMarked
package dev.petiole.discovery.handler;

import org.jspecify.annotations.NullMarked;
