package dev.petiole.scheduler.kubernetes;

import dev.petiole.api.configuration.ConfigurationKey;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What brokers may be.
///
/// @param templates the kinds of objects beyond Petiole's own choice that a Configuration may ask for
@Validated
@ConfigurationProperties("petiole.brokers")
public record BrokerProperties(@DefaultValue List<@Valid Template> templates) {

    // Whoever could have such objects made would rule the cluster.
    private static final Set<String> NEVER = Set.of(
            "rbac.authorization.k8s.io",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "certificates.k8s.io");

    public BrokerProperties {
        templates = List.copyOf(templates);
        for (Template template : templates) {
            if (NEVER.contains(template.group()) || ConfigurationKey.GROUPS.contains(template.group())) {
                throw new IllegalArgumentException("petiole.brokers.templates: group " + template.group()
                        + " (expected: none that governs the cluster itself)");
            }
        }
    }

    /// A namespaced resource of some API group.
    public record Template(
            @NotNull @DefaultValue("") String group,
            @NotBlank String version,
            @NotBlank String resource,
            @NotBlank String kind) {}

    public Set<Resource> resources() {
        return templates.stream()
                .map(template ->
                        new Resource(template.group(), template.version(), template.resource(), template.kind()))
                .collect(Collectors.toSet());
    }
}
