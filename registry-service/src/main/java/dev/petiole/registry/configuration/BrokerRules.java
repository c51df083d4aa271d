package dev.petiole.registry.configuration;

import dev.petiole.registry.problem.FieldError;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a Configuration's `brokerSpec` must be: the same as the resource definition demands of one that is made with
/// kubectl. What is in the templates, the API server judges.
final class BrokerRules {

    private static final String FIELD = "spec.brokerSpec";
    private static final String PODS = "brokerPodSpec";
    private static final String PER = "per";
    private static final String FOR_ALL = "Configuration";
    private static final String POOL = "brokerPool";
    private static final String PLACEHOLDER = "{{PLACEHOLDER}}";
    private static final String MAX_UNAVAILABLE = "maxUnavailable";
    private static final List<String> KINDS = List.of(
            PODS,
            "brokerJobSpec",
            "brokerCronJobSpec",
            "brokerDeploymentSpec",
            "brokerStatefulSetSpec",
            "brokerDaemonSetSpec",
            POOL,
            "brokerTemplate");
    private static final Set<String> FOR_ONE_OR_ALL =
            Set.of("brokerDeploymentSpec", "brokerStatefulSetSpec", "brokerDaemonSetSpec", "brokerTemplate");
    private static final Pattern PERCENTAGE = Pattern.compile("([1-9][0-9]?|100)%");

    private BrokerRules() {}

    static void check(Map<String, Object> spec, List<FieldError> errors) {
        Set<String> kinds = new TreeSet<>(spec.keySet());
        kinds.retainAll(KINDS);
        Set<String> others = new TreeSet<>(spec.keySet());
        others.removeAll(KINDS);
        others.removeAll(Set.of(PER, MAX_UNAVAILABLE));
        if (kinds.size() != 1 || !others.isEmpty()) {
            errors.add(new FieldError(
                    FIELD,
                    "must have exactly one of " + String.join(", ", KINDS)
                            + "; beside it only per and maxUnavailable"));
            return;
        }
        String kind = kinds.iterator().next();
        if (spec.containsKey(PER)) {
            checkPer(spec.get(PER), kind, errors);
        }
        if (spec.containsKey(MAX_UNAVAILABLE)) {
            checkMaxUnavailable(spec.get(MAX_UNAVAILABLE), kind, errors);
        }
    }

    /// @param spec one that [#check] finds nothing to say about
    /// @return whether there is a broker for each device that gets this very device
    static boolean asksForOneDevice(Map<String, Object> spec) {
        return !spec.containsKey(POOL) && !FOR_ALL.equals(spec.get(PER)) && hasKey(spec, PLACEHOLDER);
    }

    private static boolean hasKey(@Nullable Object tree, String key) {
        return switch (tree) {
            case Map<?, ?> map -> map.containsKey(key) || map.values().stream().anyMatch(value -> hasKey(value, key));
            case List<?> list -> list.stream().anyMatch(value -> hasKey(value, key));
            case null, default -> false;
        };
    }

    private static void checkPer(@Nullable Object per, String kind, List<FieldError> errors) {
        if (!FOR_ONE_OR_ALL.contains(kind)) {
            errors.add(new FieldError(
                    FIELD + ".per",
                    "must not be there: it goes with " + String.join(", ", new TreeSet<>(FOR_ONE_OR_ALL))));
        } else if (!"Device".equals(per) && !FOR_ALL.equals(per)) {
            errors.add(new FieldError(FIELD + ".per", "must be Device or Configuration"));
        }
    }

    private static void checkMaxUnavailable(@Nullable Object limit, String kind, List<FieldError> errors) {
        if (!kind.equals(PODS)) {
            errors.add(new FieldError(
                    FIELD + ".maxUnavailable",
                    "must not be there: it goes with brokerPodSpec, since the other kinds have an update strategy of"
                            + " their own"));
        } else if (!isLimit(limit)) {
            errors.add(new FieldError(
                    FIELD + ".maxUnavailable", "must be a number from 1 on, or a percentage from 1% to 100%"));
        }
    }

    private static boolean isLimit(@Nullable Object limit) {
        return switch (limit) {
            case Integer number -> number >= 1 && number <= 100_000;
            case String text -> PERCENTAGE.matcher(text).matches();
            case null, default -> false;
        };
    }
}
