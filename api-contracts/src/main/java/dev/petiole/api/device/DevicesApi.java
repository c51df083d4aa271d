package dev.petiole.api.device;

import dev.petiole.api.watch.ListPage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/// Devices, read-only: the edge owns them. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1/devices")
public interface DevicesApi {

    /// Lists devices ordered by group, namespace and name. Filters are combined with "and".
    ///
    /// @param configuration a Configuration's name
    /// @param node only devices that this node has reported
    /// @param limit at most this many, 1 to 1000; 500 if absent
    /// @param cursor the `nextCursor` of the page before, with the same filters
    @GetExchange
    ListPage<Device> list(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String configuration,
            @RequestParam(required = false) @Nullable String node,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /// 404 if there is none.
    @GetExchange("/{group}/{namespace}/{name}")
    Device get(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);

    /// What happened to a device, newest first; 404 if nothing is known of it. It is kept for a time, even if the
    /// device's record is gone.
    @GetExchange("/{group}/{namespace}/{name}/history")
    ListPage<DeviceEvent> history(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);
}
