package dev.petiole.registry.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// What is measured of callers who asked for more than their share.
@Component
final class LimitMeters {

    private final Counter requests;
    private final Counter watches;

    LimitMeters(MeterRegistry registry) {
        this.requests = refused(registry, "requests");
        this.watches = refused(registry, "watches");
    }

    void refusedRequest() {
        requests.increment();
    }

    void refusedWatch() {
        watches.increment();
    }

    private static Counter refused(MeterRegistry registry, String limit) {
        return Counter.builder("petiole.registry.limited")
                .description("Requests that were refused with 429, by the limit that they met")
                .tag("limit", limit)
                .register(registry);
    }
}
