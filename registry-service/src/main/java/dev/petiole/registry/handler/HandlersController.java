package dev.petiole.registry.handler;

import dev.petiole.api.handler.Handler;
import dev.petiole.api.handler.HandlersApi;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.watch.WatchStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Handlers", description = "Which discovery handlers the nodes offer: read-only")
final class HandlersController implements HandlersApi {

    private final Handlers handlers;
    private final WatchStreams streams;

    HandlersController(Handlers handlers, WatchStreams streams) {
        this.handlers = handlers;
        this.streams = streams;
    }

    @Override
    @Operation(operationId = "listHandlers", summary = "List or watch discovery handlers")
    public ListPage<Handler> list(
            @Nullable String name, @Nullable String node, @Nullable Integer limit, @Nullable String cursor) {
        return handlers.list(new Handlers.Filter(name, node), limit, cursor);
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listHandlers", summary = "List or watch discovery handlers")
    void watch(
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String node,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        streams.stream(handlers.watch(new Handlers.Filter(name, node)), lastEventId, response);
    }

    @Override
    @Operation(operationId = "getHandler", summary = "Read one discovery handler of a node")
    public Handler get(String node, String name) {
        return handlers.get(node, name);
    }
}
