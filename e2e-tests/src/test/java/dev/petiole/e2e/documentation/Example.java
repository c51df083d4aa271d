package dev.petiole.e2e.documentation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// What a block of YAML is for: whole objects, part of a Configuration or of a container, or values of the chart.
sealed interface Example {

    /// Objects for the API server; a part is set into the smallest object that has all else.
    record Objects(List<Map<String, Object>> objects) implements Example {}

    /// Values for the chart.
    record Values(String yaml) implements Example {}

    /// @param fields the fields of a Configuration's spec
    static Example of(String yaml, Set<String> fields) {
        List<Map<String, Object>> documents = StreamSupport.stream(
                        new Yaml(new SafeConstructor(new LoaderOptions()))
                                .loadAll(yaml)
                                .spliterator(),
                        false)
                .map(Example::map)
                .toList();
        Set<String> keys = documents.getFirst().keySet();
        if (keys.contains("metadata")) {
            return new Objects(documents);
        }
        if (keys.equals(Set.of("apiVersion", "kind")) || keys.equals(Set.of("spec"))) {
            return new Objects(documents.stream().map(Example::configuration).toList());
        }
        if (fields.containsAll(keys)) {
            return new Objects(documents.stream()
                    .map(spec -> configuration(Map.of("spec", spec)))
                    .toList());
        }
        if (keys.equals(Set.of("discoveryProperties"))) {
            return new Objects(documents.stream()
                    .map(handler -> configuration(Map.of("spec", Map.of("discoveryHandler", handler))))
                    .toList());
        }
        if (keys.equals(Set.of("resources"))) {
            return new Objects(documents.stream().map(Example::pod).toList());
        }
        return new Values(yaml);
    }

    private static Map<String, Object> configuration(Map<String, Object> part) {
        Map<String, Object> spec = new LinkedHashMap<>(map(part.getOrDefault("spec", Map.of())));
        Map<String, Object> handler = new LinkedHashMap<>(Map.of("name", "opcua"));
        handler.putAll(map(spec.getOrDefault("discoveryHandler", Map.of())));
        spec.put("discoveryHandler", handler);
        return Map.of(
                "apiVersion",
                part.getOrDefault("apiVersion", "petiole.dev/v1alpha1"),
                "kind",
                part.getOrDefault("kind", "Configuration"),
                "metadata",
                Map.of("name", "example"),
                "spec",
                spec);
    }

    private static Map<String, Object> pod(Map<String, Object> resources) {
        Map<String, Object> container = new LinkedHashMap<>(Map.of("name", "c", "image", "example.com/i:1"));
        container.putAll(resources);
        return configuration(Map.of(
                "spec", Map.of("brokerSpec", Map.of("brokerPodSpec", Map.of("containers", List.of(container))))));
    }

    /// The namespaces that objects say they are in.
    static Stream<String> namespaces(Example example) {
        return switch (example) {
            case Objects(var objects) ->
                objects.stream()
                        .map(object ->
                                map(object.getOrDefault("metadata", Map.of())).get("namespace"))
                        .filter(String.class::isInstance)
                        .map(String.class::cast);
            case Values _ -> Stream.empty();
        };
    }

    @SuppressWarnings("unchecked") // YAML that people write has words for keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
