package dev.petiole.registry.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much one caller may ask for, where callers are told apart. Each rate may be exceeded for the time that it takes
/// to use up a burst.
///
/// @param person of each user of Kubernetes or the identity provider, and of each address without a token
/// @param service of each discovery service, and of the broker-scheduler
/// @param address of each network address, whoever calls from there: what guards the checking of tokens
@ConfigurationProperties("petiole.limits")
record LimitProperties(
        @DefaultValue Person person,
        @DefaultValue Service service,
        @DefaultValue Address address) {

    /// @param requestsPerSecond sustained
    /// @param burst requests at once
    /// @param watches open at a time
    record Limit(int requestsPerSecond, int burst, int watches) {

        Limit {
            atLeastOne("requests-per-second", requestsPerSecond);
            atLeastOne("burst", burst);
            atLeastOne("watches", watches);
        }

        private static void atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException("petiole.limits: " + name + ": " + value + " (expected: >= 1)");
            }
        }
    }

    record Person(
            @DefaultValue("50") int requestsPerSecond,
            @DefaultValue("200") int burst,
            @DefaultValue("100") int watches) {

        Limit limit() {
            return new Limit(requestsPerSecond, burst, watches);
        }
    }

    record Service(
            @DefaultValue("500") int requestsPerSecond,
            @DefaultValue("2000") int burst,
            @DefaultValue("20") int watches) {

        Limit limit() {
            return new Limit(requestsPerSecond, burst, watches);
        }
    }

    record Address(
            @DefaultValue("1000") int requestsPerSecond,
            @DefaultValue("4000") int burst,
            @DefaultValue("1000") int watches) {

        Limit limit() {
            return new Limit(requestsPerSecond, burst, watches);
        }
    }
}
