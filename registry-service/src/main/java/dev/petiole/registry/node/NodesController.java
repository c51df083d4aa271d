package dev.petiole.registry.node;

import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.node.Node;
import dev.petiole.api.node.NodesApi;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refuses;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.PageParameters;
import dev.petiole.registry.watch.WatchStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Nodes", description = "Cluster nodes: read-only for people")
final class NodesController implements NodesApi {

    private final Nodes nodes;
    private final WatchStreams streams;

    NodesController(Nodes nodes, WatchStreams streams) {
        this.nodes = nodes;
        this.streams = streams;
    }

    @Override
    @Parameter(name = "query", hidden = true)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "lease",
            description = "None, Active or Expired; any of several",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"None", "Active", "Expired"})))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "handler",
            description = "Discovery handler that it offers",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "label",
            description = "KEY or KEY=VALUE of the node; all of several",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(in = ParameterIn.QUERY, name = "q", description = "Text in its name", schema = @Schema(type = "string"))
    @PageParameters
    @Operation(operationId = "listNodes", summary = "List or watch nodes")
    public ListPage<Node> list(MultiValueMap<String, String> query) {
        return nodes.list(ListQuery.of(query, NodeFilter.PARAMETERS));
    }

    @GetMapping(path = "/nodes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listNodes", summary = "List or watch nodes")
    void watch(
            @RequestParam @Parameter(hidden = true) MultiValueMap<String, String> query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        ListQuery wanted = ListQuery.of(query, NodeFilter.PARAMETERS);
        streams.stream(nodes.watch(NodeFilter.of(wanted)).showing(wanted.find("fields")), lastEventId, response);
    }

    @Override
    @Operation(operationId = "getNode", summary = "Read one node")
    public Node get(String node) {
        return nodes.get(node);
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses(ProblemType.WRONG_CLUSTER)
    @Operation(operationId = "putCluster", summary = "State all nodes of the cluster (broker-scheduler only)")
    public void putCluster(ClusterFacts facts) {
        nodes.state(facts);
    }
}
