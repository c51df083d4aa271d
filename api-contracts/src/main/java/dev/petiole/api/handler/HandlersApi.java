package dev.petiole.api.handler;

import dev.petiole.api.watch.ListPage;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/// Discovery handlers, read-only: the nodes tell. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1/handlers")
public interface HandlersApi {

    /// Lists handlers ordered by node and name. Filters are combined with "and".
    ///
    /// @param name only handlers of this name
    /// @param node only handlers on this node
    @GetExchange
    ListPage<Handler> list(
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String node,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /// 404 if there is none.
    @GetExchange("/{node}/{name}")
    Handler get(@PathVariable String node, @PathVariable String name);
}
