package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.configuration.NewConfiguration;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refuses;
import dev.petiole.registry.problem.RequestBodies;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.PageParameters;
import dev.petiole.registry.revision.IfMatch;
import dev.petiole.registry.watch.WatchStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@Tag(name = "Configurations", description = "What to look for, and what to do with each device found")
final class ConfigurationsController implements ConfigurationsApi {

    private static final Set<String> PATCHED = Set.of("labels", "spec");

    private final Configurations configurations;
    private final WatchStreams streams;
    private final RequestBodies requests;

    ConfigurationsController(Configurations configurations, WatchStreams streams, RequestBodies requests) {
        this.configurations = configurations;
        this.streams = streams;
        this.requests = requests;
    }

    @Override
    @Parameter(name = "query", hidden = true)
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group",
            description = "API group",
            example = "petiole.dev",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "namespace",
            description = "Namespace",
            example = "shop",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "node",
            description = "Node that its node selector matches",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "handler",
            description = "Discovery handler",
            example = "opcua",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "managedBy",
            description = "Kubernetes or Registry",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"Kubernetes", "Registry"}))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "label",
            description = "KEY or KEY=VALUE; all of several",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "q",
            description = "Text in its name, labels or discovery details",
            schema = @Schema(type = "string"))
    @PageParameters
    @Operation(operationId = "listConfigurations", summary = "List or watch Configurations")
    public ListPage<Configuration> list(MultiValueMap<String, String> query) {
        return configurations.list(ListQuery.of(query, ConfigurationFilter.PARAMETERS));
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listConfigurations", summary = "List or watch Configurations")
    void watch(
            @RequestParam @Parameter(hidden = true) MultiValueMap<String, String> query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        ListQuery wanted = ListQuery.of(query, ConfigurationFilter.PARAMETERS);
        var filter = ConfigurationFilter.of(wanted);
        streams.stream(configurations.watch(filter).showing(wanted.find("fields")), lastEventId, response);
    }

    @Override
    @Operation(operationId = "getConfiguration", summary = "Read one Configuration")
    public Configuration get(String group, String namespace, String name) {
        return configurations.get(ConfigurationRules.key(group, namespace, name));
    }

    @Override
    @Refuses(ProblemType.ALREADY_EXISTS)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "createConfiguration", summary = "Create a Configuration")
    public ResponseEntity<Configuration> create(NewConfiguration configuration) {
        ConfigurationKey given = configuration.key();
        ConfigurationKey key = ConfigurationRules.key(given.group(), given.namespace(), given.name());
        var write = new ConfigurationWrite(null, null, configuration.labels(), configuration.spec());
        ConfigurationRules.check(key, write);
        Configuration created = configurations.create(key, write);
        return ResponseEntity.created(URI.create("/api/v1/configurations/" + key))
                .body(created);
    }

    @Override
    @Refuses({ProblemType.MANAGED_BY_KUBERNETES, ProblemType.MANAGED_BY_REGISTRY, ProblemType.NAME_TAKEN})
    @Operation(operationId = "putConfiguration", summary = "Create or replace a Configuration")
    public Configuration put(
            String group, String namespace, String name, @Nullable String ifMatch, ConfigurationWrite configuration) {
        ConfigurationKey key = ConfigurationRules.key(group, namespace, name);
        ConfigurationRules.check(key, configuration);
        return configurations.put(key, configuration, IfMatch.header(ifMatch));
    }

    @Override
    @Refuses({ProblemType.NOT_FOUND, ProblemType.MANAGED_BY_KUBERNETES})
    @Operation(operationId = "patchConfiguration", summary = "Change parts of a Configuration")
    public Configuration patch(
            String group,
            String namespace,
            String name,
            @Nullable String ifMatch,
            Map<String, @Nullable Object> patch) {
        patch.keySet().stream()
                .filter(field -> !PATCHED.contains(field))
                .findFirst()
                .ifPresent(field -> {
                    throw new InvalidFields(field, "can't be changed: labels and spec can");
                });
        ConfigurationKey key = ConfigurationRules.key(group, namespace, name);
        return configurations.change(key, present -> patched(key, present, patch), IfMatch.header(ifMatch));
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses(ProblemType.MANAGED_BY_KUBERNETES)
    @Operation(operationId = "deleteConfiguration", summary = "Remove a Configuration and its devices")
    public void delete(String group, String namespace, String name, @Nullable String uid, @Nullable String ifMatch) {
        configurations.delete(ConfigurationRules.key(group, namespace, name), uid, IfMatch.header(ifMatch));
    }

    private ConfigurationWrite patched(
            ConfigurationKey key, ConfigurationWrite present, Map<String, @Nullable Object> patch) {
        JsonNode merged = MergePatch.apply(requests.toTree(present), requests.toTree(patch));
        ConfigurationWrite write = requests.read(merged, ConfigurationWrite.class);
        ConfigurationRules.check(key, write);
        return write;
    }
}
