package dev.petiole.api.device;

import dev.petiole.api.watch.ListPage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/// Devices, read-only: the edge owns them. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1/devices")
public interface DevicesApi {

    /// Lists devices, ordered by group, namespace and name unless `sort` says otherwise. Filters are combined
    /// with "and"; one that is given several times lets any of its values through, but `label` and `property`,
    /// which must all hold. A parameter that is none is refused.
    ///
    /// @param query `group`, `namespace`, `configuration` (a name), `handler`, `node` (that has reported it),
    ///     `presence`, `admission`, `label` and `property` (`KEY` or `KEY=VALUE`), `q` (text in its name,
    ///     identity, labels or properties, whatever the case); `sort` (`name`, `configuration`, `handler`,
    ///     `presence`, `admission`, `presenceSince`, after `-` the other way round); `fields` (paths between
    ///     commas, such as `name,properties.URL`); `limit` (1 to 1000, 500 if absent); `cursor` (the
    ///     `nextCursor` of the page before, with the same filters and order)
    @GetExchange
    ListPage<Device> list(@RequestParam MultiValueMap<String, String> query);

    /// Lists devices by the most usual filters.
    default ListPage<Device> list(
            @Nullable String group,
            @Nullable String namespace,
            @Nullable String configuration,
            @Nullable String node,
            @Nullable Integer limit,
            @Nullable String cursor) {
        var query = new LinkedMultiValueMap<String, String>();
        BiConsumer<String, @Nullable Object> add = (name, value) -> {
            if (value != null) {
                query.add(name, value.toString());
            }
        };
        add.accept("group", group);
        add.accept("namespace", namespace);
        add.accept("configuration", configuration);
        add.accept("node", node);
        add.accept("limit", limit);
        add.accept("cursor", cursor);
        return list(query);
    }

    /// Counts devices.
    ///
    /// @param query the filters of the list, and `by`, 1 to 10 times: `group`, `namespace`, `configuration`,
    ///     `handler`, `node`, `presence`, `admission`, `label:KEY` or `property:NAME`
    @GetExchange("/facets")
    DeviceFacets facets(@RequestParam MultiValueMap<String, String> query);

    /// 404 if there is none.
    @GetExchange("/{group}/{namespace}/{name}")
    Device get(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);

    /// The slots of a device and who holds them. 404 if there is none.
    @GetExchange("/{group}/{namespace}/{name}/slots")
    DeviceSlots slots(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);

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
