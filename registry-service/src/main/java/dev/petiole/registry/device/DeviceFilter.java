package dev.petiole.registry.device;

import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.Term;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a reader of devices wants to see; null or nothing lets everything through.
///
/// @param node only devices that this node has reported
/// @param presences any of them
/// @param admissions any of them
/// @param labels all of them
/// @param properties all of them
/// @param text what its name, identity, labels or properties must contain, whatever its case
record DeviceFilter(
        @Nullable String group,
        @Nullable String namespace,
        @Nullable String configuration,
        @Nullable String handler,
        @Nullable String node,
        Set<Presence> presences,
        Set<Admission> admissions,
        List<Term> labels,
        List<Term> properties,
        @Nullable String text) {

    /// The names of the parameters that make a filter.
    static final Set<String> PARAMETERS = Set.of(
            "group",
            "namespace",
            "configuration",
            "handler",
            "node",
            "presence",
            "admission",
            "label",
            "property",
            "q");

    static DeviceFilter of(ListQuery query) {
        return new DeviceFilter(
                query.find("group"),
                query.find("namespace"),
                query.find("configuration"),
                query.find("handler"),
                query.find("node"),
                query.constants("presence", Presence.class),
                query.constants("admission", Admission.class),
                query.terms("label"),
                query.terms("property"),
                query.find("q"));
    }

    boolean matches(DeviceRecord device) {
        DeviceKey key = device.key();
        return isOrAny(group, key.group())
                && isOrAny(namespace, key.namespace())
                && isOrAny(configuration, device.configuration().name())
                && isOrAny(handler, device.handler())
                && (node == null || device.findSighting(node).isPresent())
                && (presences.isEmpty() || presences.contains(device.presence()))
                && (admissions.isEmpty() || admissions.contains(device.admission()))
                && matchesText(device);
    }

    /// By the very texts that the database searches, so that a list and a watch always agree.
    private boolean matchesText(DeviceRecord device) {
        if (labels.isEmpty() && properties.isEmpty() && text == null) {
            return true;
        }
        String terms = SearchTexts.terms(device);
        return labels.stream().map(SearchTexts::label).allMatch(terms::contains)
                && properties.stream().map(SearchTexts::property).allMatch(terms::contains)
                && (text == null || SearchTexts.words(device).contains(SearchTexts.word(text)));
    }

    private static boolean isOrAny(@Nullable String wanted, String present) {
        return wanted == null || wanted.equals(present);
    }
}
