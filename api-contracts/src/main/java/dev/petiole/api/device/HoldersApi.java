package dev.petiole.api.device;

import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/// Who holds slots of a Configuration's devices from a time of which the registry knows nothing, since
/// another manager granted them.
@HttpExchange("/api/v1/configurations/{group}/{namespace}/{name}/holders")
public interface HoldersApi {

    /// Has the registry recall these holders, so that it grants nobody else what they hold. Holders that it
    /// knows are not changed; the Configuration and its devices need not be known yet. A holder whose node
    /// does not confirm it within a minute is forgotten. For the broker-scheduler.
    @PutExchange
    void recall(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody @Valid HeldSlots slots);
}
