package dev.petiole.api.configuration;

import dev.petiole.api.watch.ListPage;
import jakarta.validation.Valid;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/// Configurations. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1/configurations")
public interface ConfigurationsApi {

    /// The media type of [#patch].
    String MERGE_PATCH = "application/merge-patch+json";

    /// Lists Configurations ordered by group, namespace and name. Filters are combined with "and"; a parameter
    /// that is none is refused.
    ///
    /// @param query `group`, `namespace`, `node` (that its node selector matches), `handler`, `managedBy`,
    ///     `label` (`KEY` or `KEY=VALUE`), `q` (text in its name, labels or discovery details); `fields`,
    ///     `limit` and `cursor` as for devices
    @GetExchange
    ListPage<Configuration> list(@RequestParam MultiValueMap<String, String> query);

    /// Lists Configurations by the most usual filters.
    default ListPage<Configuration> list(
            @Nullable String group,
            @Nullable String namespace,
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
        add.accept("node", node);
        add.accept("limit", limit);
        add.accept("cursor", cursor);
        return list(query);
    }

    /// 404 if there is none.
    @GetExchange("/{group}/{namespace}/{name}")
    Configuration get(@PathVariable String group, @PathVariable String namespace, @PathVariable String name);

    /// Creates one. 409 `already-exists` if there is one of this key.
    @PostExchange
    ResponseEntity<Configuration> create(@RequestBody @Valid NewConfiguration configuration);

    /// Creates or replaces one; saying the same again changes nothing. A different `uid` means that the old one
    /// was deleted meanwhile: its devices go, the claims on them stay until they are proved free.
    ///
    /// @param ifMatch the entity tag of what is replaced; demanded where something changes, 428 without it, 412 if
    ///     somebody else has changed it since. Not of the broker-scheduler, who gives `uid`
    @PutExchange("/{group}/{namespace}/{name}")
    Configuration put(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @Valid ConfigurationWrite configuration);

    /// Creates one, or says what Kubernetes has.
    default Configuration put(String group, String namespace, String name, ConfigurationWrite configuration) {
        return put(group, namespace, name, null, configuration);
    }

    /// Changes parts of `labels` and `spec`, by JSON merge patch (RFC 7396).
    ///
    /// @param ifMatch as for [#put]
    @PatchExchange(url = "/{group}/{namespace}/{name}", contentType = MERGE_PATCH)
    Configuration patch(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> patch);

    /// Removes one with its devices. Removing what is not there is no error.
    ///
    /// @param uid given by the broker-scheduler alone: removes the copy of that Kubernetes object and no other
    /// @param ifMatch as for [#put]
    @DeleteExchange("/{group}/{namespace}/{name}")
    void delete(
            @PathVariable String group,
            @PathVariable String namespace,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String uid,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch);
}
