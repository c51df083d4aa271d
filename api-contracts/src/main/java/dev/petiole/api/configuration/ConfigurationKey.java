package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Set;

/// The identity of a Configuration: API group, namespace and name.
///
/// @param group `petiole.dev` or `akri.sh`
/// @param namespace a DNS label (RFC 1123) of at most 63 characters
/// @param name in `petiole.dev` a DNS label of at most 40 characters, so that the names made from it stay labels
public record ConfigurationKey(
        @NotBlank @Pattern(regexp = "petiole\\.dev|akri\\.sh", message = "must be petiole.dev or akri.sh") String group,

        @NotBlank @Size(max = 63) @Pattern(regexp = DNS_LABEL, message = "must be a DNS label: lower-case letters, digits and '-'") String namespace,

        @NotBlank @Size(max = 253) @Pattern(
                regexp = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?",
                message = "must consist of lower-case letters, digits, '-' and '.'")
        String name)
        implements Comparable<ConfigurationKey> {

    /// The group of Petiole's own API.
    public static final String PETIOLE = "petiole.dev";

    /// The group of the peer whose API Petiole also serves.
    public static final String AKRI = "akri.sh";

    /// All groups that have Configurations.
    public static final Set<String> GROUPS = Set.of(PETIOLE, AKRI);

    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    /// @return a key in the group `petiole.dev`
    public static ConfigurationKey of(String namespace, String name) {
        return new ConfigurationKey(PETIOLE, namespace, name);
    }

    @JsonIgnore
    public boolean isPetiole() {
        return group.equals(PETIOLE);
    }

    @Override
    public int compareTo(ConfigurationKey other) {
        int byGroup = group.compareTo(other.group);
        if (byGroup != 0) {
            return byGroup;
        }
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /// @return `group/namespace/name`
    @Override
    public String toString() {
        return group + "/" + namespace + "/" + name;
    }
}
