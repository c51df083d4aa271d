package dev.petiole.scheduler.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a template can speak of. The values come from the device, that is, from whoever controls it.
///
/// @param names such as `device.name`
/// @param properties of the device, as `device.properties`
public record Values(Map<String, String> names, Map<String, String> properties) {

    public Values {
        names = Map.copyOf(names);
        properties = Map.copyOf(properties);
    }

    /// @return the same with one more name
    public Values with(String name, String value) {
        Map<String, String> more = new HashMap<>(names);
        more.put(name, value);
        return new Values(more, properties);
    }

    /// @throws TemplateFault if nothing can ever have this name
    Optional<String> find(List<String> path) {
        if (path.size() == 3 && path.get(0).equals("device") && path.get(1).equals("properties")) {
            return Optional.ofNullable(properties.get(path.get(2)));
        }
        String name = String.join(".", path);
        String value = names.get(name);
        if (value == null) {
            throw new TemplateFault("no " + name + " here (expected: one of "
                    + String.join(", ", names.keySet().stream().sorted().toList()) + " or device.properties.<name>)");
        }
        return Optional.of(value);
    }
}
