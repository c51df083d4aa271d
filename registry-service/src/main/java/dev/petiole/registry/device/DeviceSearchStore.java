package dev.petiole.registry.device;

import dev.petiole.registry.device.DeviceSearch.KeyRange;
import dev.petiole.registry.revision.Bodies;
import dev.petiole.registry.revision.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads of the table `device` by filter and order.
@Component
final class DeviceSearchStore {

    private final JdbcClient jdbc;
    private final Bodies bodies;

    DeviceSearchStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    /// @param value of the order's field, and `key`: of the last device not to be listed
    List<Versioned<DeviceRecord>> listAfter(
            DeviceFilter filter, DeviceOrder order, String value, List<String> key, int limit) {
        if (isBeginning(key)) {
            return list(DeviceSearch.of(filter), order, limit);
        }
        if (order.field() != DeviceOrder.Field.KEY) {
            return list(DeviceSearch.of(filter).after(order, value, key), order, limit);
        }
        List<Versioned<DeviceRecord>> found = new ArrayList<>();
        for (KeyRange range : KeyRange.values()) {
            if (found.size() < limit) {
                found.addAll(list(DeviceSearch.of(filter).after(range, key), order, limit - found.size()));
            }
        }
        return found;
    }

    private List<Versioned<DeviceRecord>> list(DeviceSearch search, DeviceOrder order, int limit) {
        return jdbc.sql("SELECT d.body, d.revision" + search.from() + search.where() + DeviceSearch.orderBy(order)
                        + "FETCH FIRST :limit ROWS ONLY")
                .params(search.parameters())
                .param("limit", limit)
                .query((row, _) -> new Versioned<>(bodies.read(row.getString(1), DeviceRecord.class), row.getLong(2)))
                .list();
    }

    int count(DeviceFilter filter) {
        DeviceSearch search = DeviceSearch.of(filter);
        return jdbc.sql("SELECT COUNT(*)" + search.from() + search.where())
                .params(search.parameters())
                .query(Integer.class)
                .single();
    }

    /// @param column of the table `device d`
    Map<String, Integer> countBy(DeviceFilter filter, String column) {
        DeviceSearch search = DeviceSearch.of(filter);
        return counts(
                jdbc.sql("SELECT " + column + ", COUNT(*)" + search.from() + search.where() + " GROUP BY " + column)
                        .params(search.parameters()));
    }

    Map<String, Integer> countByNode(DeviceFilter filter) {
        DeviceSearch search = DeviceSearch.of(filter);
        return counts(jdbc.sql("""
                        SELECT by_node.node, COUNT(*) %s
                        JOIN device_node by_node ON by_node.config_group = d.config_group
                        AND by_node.namespace = d.namespace AND by_node.device = d.name""".formatted(search.from()) + search.where() + " GROUP BY by_node.node")
                .params(search.parameters()));
    }

    /// @param beginning what a label or property begins with among the terms
    Map<String, Integer> countByTerm(DeviceFilter filter, String beginning) {
        DeviceSearch search = DeviceSearch.of(filter);
        Map<String, Integer> counts = new HashMap<>();
        jdbc.sql("SELECT d.terms" + search.from() + search.where())
                .params(search.parameters())
                .query(row -> {
                    String value = SearchTexts.value(row.getString(1), beginning);
                    if (value != null) {
                        counts.merge(value, 1, Integer::sum);
                    }
                });
        return counts;
    }

    private static boolean isBeginning(List<String> key) {
        return key.stream().allMatch(String::isEmpty);
    }

    private static Map<String, Integer> counts(JdbcClient.StatementSpec query) {
        Map<String, Integer> counts = new HashMap<>();
        query.query(row -> {
            counts.put(row.getString(1), row.getInt(2));
        });
        return counts;
    }
}
