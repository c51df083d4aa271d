package dev.petiole.scheduler.template;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.regex.Pattern;

/// Fills a device's values into a template.
///
/// The values are not to be trusted: whoever controls a device controls them. So they may stand only where they can't
/// choose what runs or what it may read, and are never given to a shell.
public final class Filling {

    private static final Pattern ARGUMENT =
            Pattern.compile("(?:.*\\.)?(?:initC|c)ontainers\\[\\d+]\\.(?:args|command)\\[\\d+]");
    private static final Pattern VARIABLE =
            Pattern.compile("(?:.*\\.)?(?:initC|c)ontainers\\[\\d+]\\.env\\[\\d+]\\.value");
    private static final Pattern POD_PLACE =
            Pattern.compile("(?:.*\\.)?(?:metadata\\.(?:labels|annotations)\\..*|hostname|subdomain)");
    private static final Pattern OTHERS_FORBIDDEN = Pattern.compile(
            "(?i).*(?:secret|configMap|serviceAccount|image|ref|apiVersion|kind|namespace|finalizers|owner).*");
    private static final Pattern SHELL_FLAG = Pattern.compile("-[a-z]*c");
    private static final String POD_PLACES = "args, command, env values, labels, annotations, hostname and subdomain";

    private final Values values;
    private final boolean isPodTemplate;

    private Filling(Values values, boolean isPodTemplate) {
        this.values = values;
        this.isPodTemplate = isPodTemplate;
    }

    /// @param template a Pod's spec, or a spec that has a Pod template somewhere
    /// @throws TemplateFault if it can't be filled in, or speaks of the device where it may not
    public static JsonObject podTemplate(JsonObject template, Values values) {
        return new Filling(values, true).object(template, "");
    }

    /// @param template an object of any other kind
    /// @throws TemplateFault if it can't be filled in, or speaks of the device where it may not
    public static JsonObject object(JsonObject template, Values values) {
        return new Filling(values, false).object(template, "");
    }

    private JsonObject object(JsonObject object, String path) {
        requireNoScript(object, path);
        var filled = new JsonObject();
        object.asMap().forEach((key, value) -> {
            if (Expression.isIn(key)) {
                throw new TemplateFault(path + ": a key can't be filled in: " + key);
            }
            filled.add(key, element(value, path.isEmpty() ? key : path + "." + key));
        });
        return filled;
    }

    /// The first of `args` is a script where `command` ends with a shell's flag.
    private static void requireNoScript(JsonObject container, String path) {
        JsonElement command = container.get("command");
        JsonElement args = container.get("args");
        if (command == null || args == null || !command.isJsonArray() || !args.isJsonArray()) {
            return;
        }
        var both = new JsonArray();
        both.addAll(command.getAsJsonArray());
        both.addAll(args.getAsJsonArray());
        for (int i = 1; i < both.size(); i++) {
            if (SHELL_FLAG.matcher(textOf(both.get(i - 1))).matches() && Expression.isIn(textOf(both.get(i)))) {
                throw notForShells(path + ".args");
            }
        }
    }

    private static TemplateFault notForShells(String path) {
        return new TemplateFault(path + ": a device's values are not given to a shell"
                + " (remedy: put them into env, and use the variable in the script)");
    }

    private static String textOf(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString() ? element.getAsString() : "";
    }

    private JsonElement element(JsonElement element, String path) {
        if (element.isJsonObject()) {
            return object(element.getAsJsonObject(), path);
        }
        if (element.isJsonArray()) {
            return array(element.getAsJsonArray(), path);
        }
        String text = textOf(element);
        return text.isEmpty() ? element : new JsonPrimitive(text(text, path));
    }

    private JsonArray array(JsonArray array, String path) {
        var filled = new JsonArray();
        boolean isAfterShellFlag = false;
        for (int i = 0; i < array.size(); i++) {
            String text = textOf(array.get(i));
            if (isAfterShellFlag && Expression.isIn(text)) {
                throw notForShells(path + "[" + i + "]");
            }
            isAfterShellFlag = SHELL_FLAG.matcher(text).matches();
            filled.add(element(array.get(i), path + "[" + i + "]"));
        }
        return filled;
    }

    private String text(String text, String path) {
        if (!Expression.isIn(text)) {
            return text;
        }
        requireAllowed(path);
        boolean isExpandedByKubelet =
                ARGUMENT.matcher(path).matches() || VARIABLE.matcher(path).matches();
        try {
            // The kubelet would put variables, Secrets among them, in the place of $(NAME).
            return Expression.fill(
                    text, values, isExpandedByKubelet ? value -> value.replace("$", "$$") : value -> value);
        } catch (TemplateFault e) {
            throw e.at(path);
        }
    }

    private void requireAllowed(String path) {
        if (isPodTemplate) {
            boolean isAllowed = ARGUMENT.matcher(path).matches()
                    || VARIABLE.matcher(path).matches()
                    || POD_PLACE.matcher(path).matches();
            if (!isAllowed) {
                throw new TemplateFault(
                        path + ": a device's values may not stand here (expected: only in " + POD_PLACES + ")");
            }
        } else if (OTHERS_FORBIDDEN.matcher(path).matches()) {
            throw new TemplateFault(path + ": a device's values may not choose images, Secrets, ConfigMaps, accounts,"
                    + " namespaces or other objects");
        }
    }
}
