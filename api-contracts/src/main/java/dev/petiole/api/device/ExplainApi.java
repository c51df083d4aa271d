package dev.petiole.api.device;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/// Answers to "why?".
@HttpExchange("/api/v1/devices/{group}/{namespace}/{name}/explain")
public interface ExplainApi {

    /// 404 if there is no such device.
    @GetExchange
    DeviceExplanation explain(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);
}
