package dev.petiole.registry.device;

import dev.petiole.registry.query.ListQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A filter and an order of devices in SQL: conditions on the table `device d`, and the values of their parameters.
final class DeviceSearch {

    private static final String OF_NODE = """
            EXISTS (
              SELECT 1 FROM device_node n
              WHERE n.config_group = d.config_group AND n.namespace = d.namespace AND n.device = d.name
              AND n.node = :onlyNode)""";

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    private DeviceSearch(DeviceFilter filter) {
        equal("d.config_group", "onlyGroup", filter.group());
        equal("d.namespace", "onlyNamespace", filter.namespace());
        equal("d.configuration", "onlyConfiguration", filter.configuration());
        equal("d.handler", "onlyHandler", filter.handler());
        if (filter.node() != null) {
            conditions.add(OF_NODE);
            parameters.put("onlyNode", filter.node());
        }
        in("d.presence", "presences", filter.presences());
        in("d.admission", "admissions", filter.admissions());
        List<String> terms = new ArrayList<>();
        filter.labels().stream().map(SearchTexts::label).forEach(terms::add);
        filter.properties().stream().map(SearchTexts::property).forEach(terms::add);
        for (int i = 0; i < terms.size(); i++) {
            contains("d.terms", "term" + i, terms.get(i));
        }
        if (filter.text() != null) {
            contains("d.words", "word", SearchTexts.word(filter.text()));
        }
    }

    static DeviceSearch of(DeviceFilter filter) {
        return new DeviceSearch(filter);
    }

    /// Lets only devices through that follow one with this value of the order's field and this key.
    DeviceSearch after(DeviceOrder order, String value, List<String> key) {
        String follows = "(d.config_group, d.namespace, d.name) > (:afterGroup, :afterNamespace, :afterName)";
        parameters.put("afterGroup", key.get(0));
        parameters.put("afterNamespace", key.get(1));
        parameters.put("afterName", key.get(2));
        String column = column(order.field());
        if (column == null) {
            conditions.add(follows);
            return this;
        }
        String compared = order.isDescending() ? "<" : ">";
        conditions.add(
                "(" + column + " " + compared + " :afterValue OR (" + column + " = :afterValue AND " + follows + "))");
        boolean isNumber = order.field() == DeviceOrder.Field.PRESENCE_SINCE;
        parameters.put("afterValue", isNumber ? (Object) Long.valueOf(value) : value);
        return this;
    }

    /// @return `WHERE …`, or nothing
    String where() {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    static String orderBy(DeviceOrder order) {
        String column = column(order.field());
        String first = column == null ? "" : column + (order.isDescending() ? " DESC, " : ", ");
        return " ORDER BY " + first + "d.config_group, d.namespace, d.name ";
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    private static @Nullable String column(DeviceOrder.Field field) {
        return switch (field) {
            case KEY -> null;
            case NAME -> "d.name";
            case CONFIGURATION -> "d.configuration";
            case HANDLER -> "d.handler";
            case PRESENCE -> "d.presence";
            case ADMISSION -> "d.admission";
            case PRESENCE_SINCE -> "d.presence_since";
        };
    }

    private void equal(String column, String parameter, @Nullable String value) {
        if (value != null) {
            conditions.add(column + " = :" + parameter);
            parameters.put(parameter, value);
        }
    }

    private void in(String column, String parameter, Set<? extends Enum<?>> constants) {
        if (!constants.isEmpty()) {
            conditions.add(column + " IN (:" + parameter + ")");
            parameters.put(
                    parameter, constants.stream().map(ListQuery::name).sorted().toList());
        }
    }

    private void contains(String column, String parameter, String text) {
        conditions.add(column + " LIKE :" + parameter + " ESCAPE '!'");
        String escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
        parameters.put(parameter, "%" + escaped + "%");
    }
}
