package dev.petiole.discovery.property;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.KeyRef;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.Property;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.ValueFrom;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.dialect.Dialect;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Finds the values of discovery properties, and notices when they change. Thread-safe.
@Component
public final class PropertyValues {

    private final ObjectCache objects;
    private final SecretsProperties secrets;
    private final Map<ConfigurationKey, Set<ObjectRef>> wanted = new HashMap<>();

    PropertyValues(ObjectCache objects, SecretsProperties secrets) {
        this.objects = objects;
        this.secrets = secrets;
    }

    /// Calls `listener` whenever [#resolve] may give another answer; it must only note that there is something
    /// to do.
    public void onChange(Runnable listener) {
        objects.onChange(listener);
    }

    /// The values as they are known now; from then on what they refer to is kept up to date.
    public Resolution resolve(ConfigurationKey configuration, List<Property> properties) {
        want(configuration, properties);
        Map<String, String> values = new HashMap<>();
        Map<String, String> origins = new HashMap<>();
        Set<String> binary = new HashSet<>();
        for (Property property : properties) {
            Reference reference = reference(configuration, property);
            if (reference == null) {
                values.put(property.name(), property.value() == null ? "" : property.value());
                continue;
            }
            switch (resolve(configuration, property, reference)) {
                case Found(var value, var isBinary) -> {
                    values.put(property.name(), value);
                    if (isBinary) {
                        binary.add(property.name());
                    }
                    origins.put(property.name(), reference.object().toString());
                }
                case LeftOut _ -> {
                    // An optional one that is not there.
                }
                case NotFound(var resolution) -> {
                    return resolution;
                }
            }
        }
        return new Resolution.Resolved(values, origins, binary);
    }

    /// Nobody needs this Configuration's values any more.
    public void forget(ConfigurationKey configuration) {
        synchronized (this) {
            wanted.remove(configuration);
            wantAll();
        }
    }

    /// A reference to a key of an object.
    private record Reference(ObjectRef object, String key, boolean isOptional) {}

    private sealed interface Lookup {}

    private record Found(String value, boolean isBinary) implements Lookup {
        @Override
        public String toString() {
            return "Found[]";
        }
    }

    private record LeftOut() implements Lookup {}

    private record NotFound(Resolution resolution) implements Lookup {}

    private void want(ConfigurationKey configuration, List<Property> properties) {
        Set<ObjectRef> refs = new HashSet<>();
        for (Property property : properties) {
            Reference reference = reference(configuration, property);
            if (reference != null && isAllowed(configuration, reference)) {
                refs.add(reference.object());
            }
        }
        synchronized (this) {
            if (refs.isEmpty()) {
                wanted.remove(configuration);
            } else {
                wanted.put(configuration, refs);
            }
            wantAll();
        }
    }

    private void wantAll() {
        Set<ObjectRef> all = new HashSet<>();
        wanted.values().forEach(all::addAll);
        objects.want(all);
    }

    private static @Nullable Reference reference(ConfigurationKey configuration, Property property) {
        ValueFrom from = property.valueFrom();
        if (from == null || property.value() != null) {
            return null;
        }
        KeyRef secret = from.secretKeyRef();
        KeyRef key = secret == null ? from.configMapKeyRef() : secret;
        if (key == null) {
            return null;
        }
        ObjectRef.Kind kind = secret == null ? ObjectRef.Kind.CONFIG_MAP : ObjectRef.Kind.SECRET;
        String namespace = Dialect.of(configuration.group()).namespaceOfReference(key.namespace(), configuration);
        return new Reference(
                new ObjectRef(kind, namespace, key.name()), key.key(), Boolean.TRUE.equals(key.optional()));
    }

    private boolean isAllowed(ConfigurationKey configuration, Reference reference) {
        String namespace = reference.object().namespace();
        return namespace.equals(configuration.namespace())
                || secrets.allowedNamespaces().contains(namespace);
    }

    private Lookup resolve(ConfigurationKey configuration, Property property, Reference reference) {
        String field = "discoveryProperties." + property.name() + ".valueFrom: ";
        ObjectRef object = reference.object();
        if (!isAllowed(configuration, reference)) {
            return unresolved(
                    DiscoveryReason.SECRET_NOT_READABLE,
                    field + object + " is in another namespace than the Configuration (expected: one in "
                            + configuration.namespace() + ", or allow the namespace with the chart's value "
                            + "discovery.secrets.allowedNamespaces)");
        }
        return switch (objects.find(object)) {
            case null -> new NotFound(new Resolution.Pending());
            case Content.Present present -> key(field, reference, present);
            case Content.Absent _ ->
                reference.isOptional()
                        ? new LeftOut()
                        : unresolved(
                                DiscoveryReason.SECRET_NOT_FOUND,
                                field + object + " does not exist (expected: create it, or say optional: true)");
            case Content.Denied _ ->
                unresolved(DiscoveryReason.SECRET_NOT_READABLE, field + object + " " + howToGrant(object));
            case Content.Unreachable(var why) ->
                unresolved(DiscoveryReason.SECRET_NOT_READABLE, field + object + " can't be read: " + why);
        };
    }

    private static Lookup key(String field, Reference reference, Content.Present content) {
        String value = content.values().get(reference.key());
        if (value != null) {
            return new Found(value, content.binary().contains(reference.key()));
        }
        return reference.isOptional()
                ? new LeftOut()
                : unresolved(
                        DiscoveryReason.SECRET_NOT_FOUND,
                        field + reference.object() + " has no key '" + reference.key()
                                + "' (expected: add it, or say optional: true)");
    }

    private String howToGrant(ObjectRef object) {
        String account = secrets.serviceAccount().replace("/", ":");
        return "is not granted to the discovery service (expected: kubectl create role petiole-read-" + object.name()
                + " -n " + object.namespace() + " --verb=get,watch --resource="
                + object.kind().plural()
                + " --resource-name=" + object.name() + "; kubectl create rolebinding petiole-read-" + object.name()
                + " -n " + object.namespace() + " --role=petiole-read-" + object.name() + " --serviceaccount="
                + account + ")";
    }

    private static Lookup unresolved(String reason, String message) {
        return new NotFound(new Resolution.Unresolved(reason, message));
    }
}
