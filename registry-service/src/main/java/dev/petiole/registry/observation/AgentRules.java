package dev.petiole.registry.observation;

import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.agent.UsageReport.Use;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The limits within which an agent must stay, so that what it says can be stored.
final class AgentRules {

    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final int MAX_SESSION = 64;
    private static final int MAX_NAME = 253;
    private static final int MAX_DEVICE_NAME = 264;
    private static final int MAX_LABEL = 63;
    private static final int MAX_RESOURCE = 400;
    private static final int MAX_HANDLERS = 1_000;
    private static final int MAX_DEVICES = 20_000;
    private static final int MAX_USES = 20_000;
    private static final int MAX_IDENTITY = 4_096;
    private static final int MAX_MESSAGE = 4_096;
    private static final int MAX_PROPERTIES = 65_536;

    private final List<FieldError> errors = new ArrayList<>();

    private AgentRules() {}

    static void checkNode(String node) {
        of(node, null).refuse();
    }

    static void check(String node, LeaseRequest lease) {
        AgentRules rules = of(node, lease.session());
        rules.size("handlers", lease.handlers().size(), MAX_HANDLERS);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < lease.handlers().size(); i++) {
            String name = lease.handlers().get(i).name();
            String field = "handlers[" + i + "].name";
            rules.required(field, name, MAX_NAME);
            if (!names.add(name)) {
                rules.errors.add(new FieldError(field, "must not be there twice"));
            }
        }
        rules.refuse();
    }

    static void check(String node, Observation observation) {
        AgentRules rules = of(node, observation.session());
        rules.length("configurationUid", observation.configurationUid(), MAX_LABEL + 1);
        rules.length("handler", observation.handler(), MAX_NAME);
        rules.length("reason", observation.reason(), MAX_NAME);
        rules.length("message", observation.message(), MAX_MESSAGE);
        List<ObservedDevice> devices = observation.devices();
        if (devices != null) {
            rules.size("devices", devices.size(), MAX_DEVICES);
            for (int i = 0; i < devices.size(); i++) {
                rules.length("devices[" + i + "].identity", devices.get(i).identity(), MAX_IDENTITY);
                rules.length("devices[" + i + "].properties", devices.get(i).properties());
            }
        }
        rules.refuse();
    }

    static void check(String node, ClaimRequest claim) {
        AgentRules rules = of(node, claim.session());
        rules.device("", claim.device());
        rules.length("resource", claim.resource(), MAX_RESOURCE);
        rules.length("kubeletDeviceId", claim.kubeletDeviceId(), MAX_RESOURCE);
        rules.refuse();
    }

    static void check(String node, UsageReport usage) {
        AgentRules rules = of(node, usage.session());
        rules.size("uses", usage.uses().size(), MAX_USES);
        rules.size("pending", usage.pending().size(), MAX_USES);
        rules.uses("uses", usage.uses());
        rules.uses("pending", usage.pending());
        rules.refuse();
    }

    private void uses(String field, List<Use> uses) {
        for (int i = 0; i < uses.size(); i++) {
            Use use = uses.get(i);
            String path = field + "[" + i + "].";
            device(path, use.device());
            length(path + "resource", use.resource(), MAX_RESOURCE);
            length(path + "kubeletDeviceId", use.kubeletDeviceId(), MAX_RESOURCE);
            length(path + "namespace", use.namespace(), MAX_LABEL);
            length(path + "pod", use.pod(), MAX_NAME);
            length(path + "container", use.container(), MAX_LABEL);
        }
    }

    private static AgentRules of(String node, @Nullable String session) {
        var rules = new AgentRules();
        if (!NODE_NAME.matcher(node).matches()) {
            rules.errors.add(new FieldError("node", "must be a node's name: lower-case letters, digits, '-' and '.'"));
        }
        rules.length("session", session, MAX_SESSION);
        return rules;
    }

    private void device(String path, DeviceRef device) {
        length(path + "device.group", device.group(), MAX_LABEL);
        length(path + "device.namespace", device.namespace(), MAX_LABEL);
        length(path + "device.name", device.name(), MAX_DEVICE_NAME);
    }

    private void required(String field, @Nullable String value, int atMost) {
        if (value == null || value.isBlank()) {
            errors.add(new FieldError(field, "must not be blank"));
        }
        length(field, value, atMost);
    }

    private void length(String field, @Nullable String value, int atMost) {
        if (value != null && value.length() > atMost) {
            errors.add(new FieldError(field, "must have at most " + atMost + " characters"));
        }
        // PostgreSQL can't store it.
        if (value != null && value.indexOf(0) >= 0) {
            errors.add(new FieldError(field, "must not contain the character U+0000"));
        }
    }

    private void length(String field, Map<String, String> properties) {
        int characters = properties.entrySet().stream()
                .mapToInt(each -> each.getKey().length() + each.getValue().length())
                .sum();
        if (characters > MAX_PROPERTIES) {
            errors.add(new FieldError(field, "must have at most " + MAX_PROPERTIES + " characters together"));
        }
    }

    private void size(String field, int size, int atMost) {
        if (size > atMost) {
            errors.add(new FieldError(field, "must have at most " + atMost + " items"));
        }
    }

    private void refuse() {
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors.subList(0, Math.min(errors.size(), 20)));
        }
    }
}
