package dev.petiole.registry.device;

import dev.petiole.registry.query.ListQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A filter and an order of devices in SQL: conditions on the table `device d`, and the values of their parameters.
final class DeviceSearch {

    /*
     * Databases begin with the node's few devices here. With EXISTS, H2 would look at every device.
     */
    private static final String OF_NODE = """
            device_node n JOIN device d
            ON d.config_group = n.config_group AND d.namespace = n.namespace AND d.name = n.device""";

    /// The devices after one, in the order of keys, cut so that each part is one range of the primary key: H2 uses no
    /// more than the first column of a comparison of rows, and would begin at the first device of all.
    enum KeyRange {
        SAME_NAMESPACE("d.config_group = :afterGroup AND d.namespace = :afterNamespace AND d.name > :afterName"),
        SAME_GROUP("d.config_group = :afterGroup AND d.namespace > :afterNamespace"),
        LATER_GROUPS("d.config_group > :afterGroup");

        private final String condition;

        KeyRange(String condition) {
            this.condition = condition;
        }
    }

    private final String table;
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    private DeviceSearch(DeviceFilter filter) {
        equal("d.config_group", "onlyGroup", filter.group());
        equal("d.namespace", "onlyNamespace", filter.namespace());
        equal("d.configuration", "onlyConfiguration", filter.configuration());
        equal("d.handler", "onlyHandler", filter.handler());
        table = filter.node() == null ? "device d" : OF_NODE;
        if (filter.node() != null) {
            conditions.add("n.node = :onlyNode");
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

    /// Lets only devices through that are in this range after a key.
    DeviceSearch after(KeyRange range, List<String> key) {
        conditions.add(range.condition);
        List<String> names = List.of("afterGroup", "afterNamespace", "afterName");
        for (int i = 0; i < names.size(); i++) {
            if (range.condition.contains(":" + names.get(i))) {
                parameters.put(names.get(i), key.get(i));
            }
        }
        return this;
    }

    /// Lets only devices through that follow one with this value of the order's field and this key.
    ///
    /// @param order by a field other than the key
    DeviceSearch after(DeviceOrder order, String value, List<String> key) {
        String follows = "(d.config_group, d.namespace, d.name) > (:afterGroup, :afterNamespace, :afterName)";
        parameters.put("afterGroup", key.get(0));
        parameters.put("afterNamespace", key.get(1));
        parameters.put("afterName", key.get(2));
        String column = Objects.requireNonNull(column(order.field()));
        String compared = order.isDescending() ? "<" : ">";
        conditions.add(
                "(" + column + " " + compared + " :afterValue OR (" + column + " = :afterValue AND " + follows + "))");
        boolean isNumber = order.field() == DeviceOrder.Field.PRESENCE_SINCE;
        parameters.put("afterValue", isNumber ? (Object) Long.valueOf(value) : value);
        return this;
    }

    /// @return ` FROM …`
    String from() {
        return " FROM " + table;
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
