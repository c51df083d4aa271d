package dev.petiole.scheduler.configuration;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads the spec of a Configuration (petiole.dev/v1alpha1) as the registry's contract has it.
final class ConfigurationSpecs {

    private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h)");

    private final JsonMapper json;

    ConfigurationSpecs(JsonMapper json) {
        this.json = json;
    }

    /// @throws Unreadable if the spec is none, which the CRD's schema forbids but an older object may be
    ConfigurationSpec parse(JsonObject configuration) {
        JsonObject spec = Json.object(configuration, "spec").deepCopy();
        dropNulls(spec);
        String gracePeriod = Json.text(spec, "gracePeriod");
        if (!gracePeriod.isEmpty()) {
            spec.addProperty("gracePeriod", parseDuration(gracePeriod).toString());
        }
        try {
            return json.readValue(spec.toString(), ConfigurationSpec.class);
        } catch (JacksonException e) {
            throw new Unreadable("spec can't be read: " + e.getOriginalMessage(), e);
        }
    }

    /// A field that is null, which the schema of akri.sh allows, is as good as absent.
    private static void dropNulls(JsonObject spec) {
        spec.asMap().values().removeIf(JsonElement::isJsonNull);
        JsonObject broker = Json.object(spec, "brokerSpec");
        broker.asMap().values().removeIf(JsonElement::isJsonNull);
        if (broker.isEmpty()) {
            spec.remove("brokerSpec");
        }
    }

    /// @param text such as `1m30s`
    static Duration parseDuration(String text) {
        Matcher part = DURATION_PART.matcher(text);
        var sum = Duration.ZERO;
        int end = 0;
        try {
            while (part.find() && part.start() == end) {
                sum = sum.plus(parsePart(part.group(1), part.group(2)));
                end = part.end();
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new Unreadable("gracePeriod: " + text + " (expected: a duration that is not endless)", e);
        }
        if (end == 0 || end != text.length()) {
            throw new Unreadable("gracePeriod: " + text + " (expected: a duration such as 10s or 1m30s)", null);
        }
        return sum;
    }

    /// @return the duration as a person would write it
    static String write(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static Duration parsePart(String amount, String unit) {
        long number = Long.parseLong(amount);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /// A spec that can't be read.
    static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
