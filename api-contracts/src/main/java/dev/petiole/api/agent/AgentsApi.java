package dev.petiole.api.agent;

import dev.petiole.api.device.Slot;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/// What a discovery service says about its own node. Every call may be repeated or come late without harm; one from a
/// session that a newer one has replaced is answered 409 `session-replaced`, and its sender must stop.
@HttpExchange("/api/v1/agents/{node}")
public interface AgentsApi {

    /// Begins a session, or renews its lease.
    @PutExchange("/lease")
    Lease renewLease(@PathVariable String node, @RequestBody @Valid LeaseRequest lease);

    /// States which handlers the node offers and how they fare.
    @PutExchange("/handlers")
    void reportHandlers(@PathVariable String node, @RequestBody @Valid HandlerReport handlers);

    /// States what one handler sees for one Configuration.
    @PutExchange("/observations")
    void observe(@PathVariable String node, @RequestBody @Valid Observation observation);

    /// Claims a slot. 409 `no-free-slot` when all are held by others, 409 `device-not-available` when the device may
    /// not be granted now (pending, ignored, missing, unknown), 404 when there is no such device.
    @PostExchange("/claims")
    Slot claim(@PathVariable String node, @RequestBody @Valid ClaimRequest claim);

    /// States which claims are in use.
    @PutExchange("/usage")
    void reportUsage(@PathVariable String node, @RequestBody @Valid UsageReport usage);
}
