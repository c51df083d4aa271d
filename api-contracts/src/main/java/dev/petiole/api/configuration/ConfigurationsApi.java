package dev.petiole.api.configuration;

import dev.petiole.api.watch.ListPage;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/// Configurations. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1/configurations")
public interface ConfigurationsApi {

    /// Lists Configurations ordered by group, namespace and name. Filters are combined with "and".
    ///
    /// @param node only Configurations whose node selector matches this node
    /// @param limit at most this many, 1 to 1000; 500 if absent
    /// @param cursor the `nextCursor` of the page before, with the same filters
    @GetExchange
    ListPage<Configuration> list(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String node,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor);

    /// 404 if there is none.
    @GetExchange("/{group}/{namespace}/{name}")
    Configuration get(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);

    /// Creates or replaces one; saying the same again changes nothing. A different `uid` means that the old one was
    /// deleted meanwhile: its devices go, the claims on them stay until they are proved free.
    @PutExchange("/{group}/{namespace}/{name}")
    Configuration put(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestBody @Valid ConfigurationWrite configuration);

    /// Removes one with its devices. Removing what is not there is no error.
    @DeleteExchange("/{group}/{namespace}/{name}")
    void delete(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);
}
