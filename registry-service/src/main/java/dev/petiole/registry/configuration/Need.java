package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.dialect.Dialect;
import dev.petiole.registry.problem.InvalidFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A right in the cluster that the author of a Configuration needs. Pure.
///
/// @param field of the Configuration that it is for
/// @param name of the one object; null if any
public record Need(
        String field,
        String verb,
        String group,
        String resource,
        String namespace,
        @Nullable String name) {

    private static final String BROKER = "spec.brokerSpec.";
    private static final String PROPERTIES = "spec.discoveryHandler.discoveryProperties";
    private static final int MAX_REFERENCES = 16;
    private static final Map<String, List<String>> KINDS = Map.of(
            "brokerPodSpec", List.of("", "pods"),
            "brokerJobSpec", List.of("batch", "jobs"),
            "brokerCronJobSpec", List.of("batch", "cronjobs"),
            "brokerDeploymentSpec", List.of("apps", "deployments"),
            "brokerStatefulSetSpec", List.of("apps", "statefulsets"),
            "brokerDaemonSetSpec", List.of("apps", "daemonsets"),
            "brokerPool", List.of("apps", "deployments"));

    /// @return what it takes to have made and read what this Configuration says, as the admission policy of the chart
    ///     asks it
    /// @throws InvalidFields if it refers to too many Secrets and ConfigMaps to ask for each
    public static List<Need> of(ConfigurationKey key, ConfigurationSpec spec) {
        List<Need> needs = new ArrayList<>();
        Map<String, Object> broker = spec.brokerSpec();
        if (broker != null) {
            KINDS.forEach((kind, what) -> {
                if (broker.containsKey(kind)) {
                    needs.add(create(BROKER + kind, what.get(0), what.get(1), key));
                }
            });
            if (broker.get("brokerTemplate") instanceof Map<?, ?> template) {
                needs.add(create(
                        BROKER + "brokerTemplate", text(template.get("group")), text(template.get("resource")), key));
            }
            if (spec.exposure() == Exposure.RESOURCE_CLAIM && !broker.containsKey("brokerPool")) {
                needs.add(create("spec.exposure", "resource.k8s.io", "resourceclaimtemplates", key));
            }
        }
        if (spec.instanceServiceSpec() != null) {
            needs.add(create("spec.instanceServiceSpec", "", "services", key));
        }
        if (spec.configurationServiceSpec() != null) {
            needs.add(create("spec.configurationServiceSpec", "", "services", key));
        }
        addReferences(key, spec, needs);
        return List.copyOf(needs);
    }

    private static void addReferences(ConfigurationKey key, ConfigurationSpec spec, List<Need> needs) {
        int before = needs.size();
        for (DiscoveryHandlerSpec.Property property : spec.discoveryHandler().discoveryProperties()) {
            DiscoveryHandlerSpec.ValueFrom from = property.valueFrom();
            if (from != null) {
                addReference(key, "secrets", from.secretKeyRef(), needs);
                addReference(key, "configmaps", from.configMapKeyRef(), needs);
            }
        }
        if (needs.size() - before > MAX_REFERENCES) {
            throw new InvalidFields(
                    PROPERTIES, "must have at most " + MAX_REFERENCES + " references to Secrets and ConfigMaps");
        }
    }

    private static void addReference(
            ConfigurationKey key, String resource, DiscoveryHandlerSpec.@Nullable KeyRef reference, List<Need> needs) {
        if (reference != null) {
            String named = reference.namespace();
            String namespace =
                    named == null || named.isEmpty() ? Dialect.of(key).referenceNamespace(key.namespace()) : named;
            needs.add(new Need(PROPERTIES, "get", "", resource, namespace, reference.name()));
        }
    }

    private static Need create(String field, String group, String resource, ConfigurationKey key) {
        return new Need(field, "create", group, resource, key.namespace(), null);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }

    /// @return what can't be done without it, for people
    public String told() {
        return verb + " " + resource + (name == null ? "" : " " + name) + " in the namespace " + namespace;
    }
}
