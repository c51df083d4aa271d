package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.ConfigurationsApi;
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
@Tag(name = "Configurations", description = "What to look for, and what to do with each device found")
final class ConfigurationsController implements ConfigurationsApi {

    private final Configurations configurations;
    private final WatchStreams streams;

    ConfigurationsController(Configurations configurations, WatchStreams streams) {
        this.configurations = configurations;
        this.streams = streams;
    }

    @Override
    @Operation(summary = "List or watch Configurations")
    public ListPage<Configuration> list(
            @Nullable String group,
            @Nullable String namespace,
            @Nullable String node,
            @Nullable Integer limit,
            @Nullable String cursor) {
        return configurations.list(new Configurations.Filter(group, namespace, node), limit, cursor);
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "List or watch Configurations")
    void watch(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String node,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        var filter = new Configurations.Filter(group, namespace, node);
        streams.stream(configurations.watch(filter), lastEventId, response);
    }

    @Override
    @Operation(summary = "Read one Configuration")
    public Configuration get(String group, String namespace, String name) {
        return configurations.get(ConfigurationRules.key(group, namespace, name));
    }

    @Override
    @Operation(summary = "Create or replace a Configuration")
    public Configuration put(String group, String namespace, String name, ConfigurationWrite configuration) {
        ConfigurationRules.check(configuration);
        return configurations.put(ConfigurationRules.key(group, namespace, name), configuration);
    }

    @Override
    @Operation(summary = "Remove a Configuration and its devices")
    public void delete(String group, String namespace, String name) {
        configurations.delete(ConfigurationRules.key(group, namespace, name));
    }
}
