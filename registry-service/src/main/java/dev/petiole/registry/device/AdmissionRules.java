package dev.petiole.registry.device;

import dev.petiole.api.configuration.AdmissionRule;
import dev.petiole.api.configuration.AdmissionRule.PropertyMatch;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides whether a device is let in where nobody has decided yet.
public final class AdmissionRules {

    private AdmissionRules() {}

    /// What the rules make of a device about which nobody has decided.
    ///
    /// @param rule the one that fits; null if none does
    /// @param why a sentence for people
    public record Verdict(Admission admission, @Nullable String rule, String why) {}

    /// Applies a Configuration's rules to a device. One that is approved or ignored stays what it is.
    public static DeviceRecord applied(ConfigurationSpec spec, DeviceRecord device, Instant now) {
        if (device.admission() != Admission.PENDING) {
            return device;
        }
        Verdict verdict = judge(spec, device);
        if (verdict.admission() == Admission.PENDING) {
            return device;
        }
        String rule = verdict.rule();
        return device.decided(
                verdict.admission(), rule == null ? null : new Decision("rule " + rule, now, verdict.why()));
    }

    /// Tells what would become of a device if nobody had decided about it.
    public static Verdict judge(ConfigurationSpec spec, DeviceRecord device) {
        List<String> misfits = new ArrayList<>();
        for (AdmissionRule rule : spec.admissionRules()) {
            Optional<String> misfit = findMisfit(rule, device);
            if (misfit.isEmpty()) {
                return new Verdict(admission(rule), rule.name(), "Rule " + rule.name() + " fits: " + fit(rule) + ".");
            }
            misfits.add("rule " + rule.name() + " does not fit: " + misfit.get());
        }
        boolean isAutomatic = spec.admission() == AdmissionMode.AUTOMATIC;
        String otherwise = isAutomatic
                ? "The Configuration admits new devices automatically"
                : "The Configuration wants every new device to be approved";
        String why = misfits.isEmpty() ? otherwise : otherwise + "; " + String.join("; ", misfits);
        return new Verdict(isAutomatic ? Admission.APPROVED : Admission.PENDING, null, why + ".");
    }

    private static Admission admission(AdmissionRule rule) {
        return switch (rule.decide()) {
            case APPROVE -> Admission.APPROVED;
            case IGNORE -> Admission.IGNORED;
        };
    }

    /// @return why the rule does not fit; empty if it does
    private static Optional<String> findMisfit(AdmissionRule rule, DeviceRecord device) {
        if (!rule.devices().isEmpty() && !rule.devices().contains(device.name())) {
            return Optional.of("it does not name this device");
        }
        for (PropertyMatch match : rule.match()) {
            if (!holds(match, device.properties())) {
                return Optional.of("\"" + describe(match) + "\" does not hold, "
                        + describe(match.property(), device.properties()));
            }
        }
        return rule.block().stream()
                .filter(block -> holds(block, device.properties()))
                .map(block ->
                        "\"" + describe(block) + "\" blocks it, " + describe(block.property(), device.properties()))
                .findFirst();
    }

    private static String fit(AdmissionRule rule) {
        List<String> parts = new ArrayList<>();
        if (!rule.devices().isEmpty()) {
            parts.add("it names this device");
        }
        rule.match().forEach(match -> parts.add("\"" + describe(match) + "\" holds"));
        if (!rule.block().isEmpty()) {
            parts.add("nothing blocks it");
        }
        return String.join(", ", parts);
    }

    private static boolean holds(PropertyMatch match, Map<String, String> properties) {
        String value = properties.get(match.property());
        if (value == null) {
            return false;
        }
        return switch (match.operator()) {
            case EXISTS -> true;
            case IN -> match.values().contains(value);
            case LIKE -> match.values().stream().anyMatch(pattern -> isLike(value, pattern));
        };
    }

    /// In linear time for patterns without `*`, and at most in the product of both lengths otherwise: a pattern can't
    /// be made so that it takes long.
    static boolean isLike(String value, String pattern) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (at < value.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                resume = at;
            } else if (in < pattern.length() && (pattern.charAt(in) == '?' || pattern.charAt(in) == value.charAt(at))) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }

    private static String describe(PropertyMatch match) {
        return switch (match.operator()) {
            case EXISTS -> match.property() + " exists";
            case IN -> match.property() + " in " + match.values();
            case LIKE -> match.property() + " like " + String.join(" or ", match.values());
        };
    }

    private static String describe(String property, Map<String, String> properties) {
        String value = properties.get(property);
        return value == null ? "it has no such property" : "it is \"" + value + "\"";
    }
}
