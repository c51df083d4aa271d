package dev.petiole.api.inbox;

import dev.petiole.api.device.AdmissionWrite;
import dev.petiole.api.device.Device;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/// Decisions about devices. What waits is `GET /api/v1/devices?admission=Pending`.
@HttpExchange("/api/v1")
public interface InboxApi {

    /// Approves or ignores one device. Saying again what holds already changes nothing.
    ///
    /// @param ifMatch the device's entity tag; demanded, 428 without it, 412 if its admission has changed since
    @PutExchange("/devices/{group}/{namespace}/{name}/admission")
    Device decide(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid AdmissionWrite decision);

    /// Approves or ignores many devices at once. Each has its own result; one that is refused does not keep the
    /// others from being done.
    ///
    /// @param dryRun whether only to tell what would be done
    @PostExchange("/inbox/decisions")
    InboxResults decideMany(
            @RequestParam(required = false, defaultValue = "false") boolean dryRun,
            @RequestBody @Valid InboxDecisions decisions);

    /// Tells what admission rules make of the devices that a Configuration has found, and changes nothing. 404 if
    /// there is no such Configuration.
    @PostExchange("/inbox/dry-run")
    RulesTrial tryRules(@RequestBody @Valid RulesTrialRequest request);
}
