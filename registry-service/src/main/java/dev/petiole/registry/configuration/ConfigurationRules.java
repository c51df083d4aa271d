package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.AdmissionRule;
import dev.petiole.api.configuration.AdmissionRule.Operator;
import dev.petiole.api.configuration.AdmissionRule.PropertyMatch;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.Consumers;
import dev.petiole.api.configuration.ConfigurationSpec.DeviceResources;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.Property;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.ValueFrom;
import dev.petiole.registry.dialect.Dialect;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a Configuration must be beyond the shape of its fields.
public final class ConfigurationRules {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final int MAX_NAMESPACE_LENGTH = 63;
    private static final int MAX_LABEL_SHOWN = 253;
    private static final Duration MAX_GRACE_PERIOD = Duration.ofDays(7);

    private ConfigurationRules() {}

    /// @throws InvalidFields if `group`, `namespace` and `name` can't name a Configuration
    static ConfigurationKey key(String group, String namespace, String name) {
        List<FieldError> errors = new ArrayList<>();
        var key = new ConfigurationKey(group, namespace, name);
        Optional<Dialect> dialect = Dialect.find(group);
        if (dialect.isEmpty()) {
            errors.add(new FieldError("group", "must be petiole.dev or akri.sh"));
        }
        if (namespace.length() > MAX_NAMESPACE_LENGTH
                || !LABEL.matcher(namespace).matches()) {
            errors.add(new FieldError(
                    "namespace", "must be a DNS label of at most 63 lower-case letters, digits and '-'"));
        }
        dialect.flatMap(known -> known.findFault(name)).ifPresent(fault -> errors.add(new FieldError("name", fault)));
        refuse(errors);
        return key;
    }

    /// @param field the rules' path in the request
    /// @throws InvalidFields if they can't be a Configuration's
    public static void checkRules(List<AdmissionRule> rules, String field) {
        List<FieldError> errors = new ArrayList<>();
        checkRules(rules, field, errors);
        refuse(errors);
    }

    /// @throws InvalidFields if `write` can't be done
    static void check(ConfigurationKey key, ConfigurationWrite write) {
        List<FieldError> errors = new ArrayList<>();
        Dialect.of(key)
                .findForeignField(write.spec())
                .ifPresent(field -> errors.add(new FieldError(
                        "spec." + field, "must be absent: Configurations of " + key.group() + " have no such field")));
        if (write.uid() != null && write.generation() == null) {
            errors.add(new FieldError("generation", "must be given together with uid"));
        }
        if (write.uid() != null && (write.uid().isBlank() || write.uid().length() > 64)) {
            errors.add(new FieldError("uid", "must have 1 to 64 characters"));
        }
        write.labels().forEach((name, value) -> checkLabel(name, value, errors));
        check(write.spec(), errors);
        refuse(errors);
    }

    /// As Kubernetes has it, since a Configuration's object bears its labels.
    private static void checkLabel(String key, String value, List<FieldError> errors) {
        if (!LABEL_KEY.matcher(key).matches() || !LABEL_VALUE.matcher(value).matches()) {
            errors.add(
                    new FieldError(
                            "labels." + key.substring(0, Math.min(key.length(), MAX_LABEL_SHOWN)),
                            "must be a label of Kubernetes: [domain/]name, and a value of at most 63 letters, digits, '-', '_', '.'"));
        }
    }

    private static void check(ConfigurationSpec spec, List<FieldError> errors) {
        if (spec.gracePeriod().isNegative() || spec.gracePeriod().compareTo(MAX_GRACE_PERIOD) > 0) {
            errors.add(new FieldError("spec.gracePeriod", "must be 0 s to 7 days, such as PT10S"));
        }
        Map<String, Object> broker = spec.brokerSpec();
        if (broker != null) {
            BrokerRules.check(broker, errors);
            if (spec.exposure() == Exposure.DEVICE_PLUGIN
                    && spec.deviceResources() == DeviceResources.CONFIGURATION_ONLY
                    && BrokerRules.asksForOneDevice(broker)) {
                errors.add(new FieldError(
                        "spec.deviceResources",
                        "must be PerDevice, or absent, where a broker of each device asks for it by {{PLACEHOLDER}}:"
                                + " a broker of all devices (per: Configuration) or of several (brokerPool) goes with"
                                + " ConfigurationOnly"));
            }
        }
        if (spec.consumers() != null) {
            check(spec.consumers().namespaces(), errors);
        }
        List<Property> properties = spec.discoveryHandler().discoveryProperties();
        checkRules(spec.admissionRules(), "spec.admissionRules", errors);
        for (int i = 0; i < properties.size(); i++) {
            check(properties.get(i), "spec.discoveryHandler.discoveryProperties[" + i + "]", errors);
        }
    }

    private static void check(List<String> consumers, List<FieldError> errors) {
        for (int i = 0; i < consumers.size(); i++) {
            String namespace = consumers.get(i);
            if (!namespace.equals(Consumers.EVERY_NAMESPACE)
                    && !LABEL.matcher(namespace).matches()) {
                errors.add(new FieldError(
                        "spec.consumers.namespaces[" + i + "]", "must be the name of a namespace, or * for all"));
            }
        }
    }

    private static void checkRules(List<AdmissionRule> rules, String field, List<FieldError> errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            AdmissionRule rule = rules.get(i);
            String path = field + "[" + i + "]";
            if (!names.add(rule.name())) {
                errors.add(new FieldError(path + ".name", "must not be there twice"));
            }
            if (rule.devices().isEmpty()
                    && rule.match().isEmpty()
                    && rule.block().isEmpty()) {
                errors.add(new FieldError(path, "must have at least one of devices, match and block"));
            }
            checkMatches(rule.match(), path + ".match", errors);
            checkMatches(rule.block(), path + ".block", errors);
        }
    }

    private static void checkMatches(List<PropertyMatch> matches, String path, List<FieldError> errors) {
        for (int i = 0; i < matches.size(); i++) {
            boolean isWithout = matches.get(i).operator() == Operator.EXISTS;
            if (isWithout != matches.get(i).values().isEmpty()) {
                errors.add(new FieldError(
                        path + "[" + i + "].values",
                        isWithout ? "must be absent where operator is Exists" : "must have at least one value"));
            }
        }
    }

    private static void check(Property property, String path, List<FieldError> errors) {
        ValueFrom from = property.valueFrom();
        if (from != null && (from.secretKeyRef() == null) == (from.configMapKeyRef() == null)) {
            errors.add(
                    new FieldError(path + ".valueFrom", "must have exactly one of secretKeyRef and configMapKeyRef"));
        }
        if (from == null && property.value() == null) {
            errors.add(new FieldError(path + ".value", "must be given unless valueFrom is"));
        }
    }

    private static void refuse(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors);
        }
    }
}
