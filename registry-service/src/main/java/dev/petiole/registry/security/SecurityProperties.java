package dev.petiole.registry.security;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param mode who may write
/// @param audience the audience that tokens must be made for
/// @param discoveryUser the ServiceAccount of the discovery service, as `system:serviceaccount:<namespace>:<name>`
/// @param schedulerUser the ServiceAccount of the broker-scheduler
/// @param cacheFor how long a reviewed token is believed
/// @param kubernetes where tokens are reviewed
@ConfigurationProperties("petiole.security")
record SecurityProperties(
        @DefaultValue("none") Mode mode,
        @DefaultValue("petiole-registry") String audience,

        @DefaultValue("system:serviceaccount:petiole:petiole-discovery-service")
        String discoveryUser,

        @DefaultValue("system:serviceaccount:petiole:petiole-broker-scheduler")
        String schedulerUser,

        @DefaultValue("1m") Duration cacheFor,
        @DefaultValue Kubernetes kubernetes) {

    /// How callers are told apart.
    enum Mode {
        /// Everybody may do everything: for the loopback of one's own machine.
        NONE,
        /// By the tokens of Kubernetes ServiceAccounts.
        KUBERNETES
    }

    /// @param host of the API server, as Kubernetes tells Pods
    record Kubernetes(
            @DefaultValue("https") String scheme,
            @DefaultValue("kubernetes.default.svc") String host,
            @DefaultValue("443") int port,

            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token")
            Path tokenFile,

            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
            Path caFile) {

        URI apiServer() {
            return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        }
    }
}
