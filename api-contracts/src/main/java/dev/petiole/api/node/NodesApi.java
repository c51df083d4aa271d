package dev.petiole.api.node;

import dev.petiole.api.watch.ListPage;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/// Nodes, read-only for people. The list can be watched, see [dev.petiole.api.watch.WatchEvents].
@HttpExchange("/api/v1")
public interface NodesApi {

    /// Lists nodes ordered by name.
    ///
    /// @param query `lease`, `handler` (that it offers), `label` (of the Kubernetes node), `q` (text in its name);
    ///     `fields`, `limit` and `cursor` as for devices
    @GetExchange("/nodes")
    ListPage<Node> list(@RequestParam MultiValueMap<String, String> query);

    /// Lists all nodes.
    default ListPage<Node> list(@Nullable Integer limit, @Nullable String cursor) {
        var query = new LinkedMultiValueMap<String, String>();
        if (limit != null) {
            query.add("limit", limit.toString());
        }
        if (cursor != null) {
            query.add("cursor", cursor);
        }
        return list(query);
    }

    /// 404 if there is none.
    @GetExchange("/nodes/{node}")
    Node get(@PathVariable String node);

    /// The broker-scheduler's statement of all nodes. 409 from a cluster other than the one this registry serves.
    @PutExchange("/cluster")
    void putCluster(@RequestBody @Valid ClusterFacts facts);
}
