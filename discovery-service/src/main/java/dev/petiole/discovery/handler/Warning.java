package dev.petiole.discovery.handler;

/// Something that hampers a discovery which goes on all the same.
///
/// @param reason CamelCase and of few values; see [dev.petiole.api.configuration.DiscoveryReason]
/// @param message a sentence for people, with the remedy where there is one
public record Warning(String reason, String message) {}
