package dev.petiole.e2e.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of text under a header, aligned.
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    private Table() {}

    static Table of(List<Device> devices) {
        var table = new Table();
        table.rows.add(List.of("DEVICE", "PRESENCE", "NODES", "INSTANCE", "BROKER POD", "ON", "STOCK"));
        for (Device device : devices) {
            if (device.brokers().isEmpty()) {
                table.add(device, new Device.Broker("-", "-", false, "-"));
            }
            device.brokers().forEach(broker -> table.add(device, broker));
        }
        return table;
    }

    private void add(Device device, Device.Broker broker) {
        rows.add(List.of(
                device.address(),
                device.presence(),
                String.join(",", device.nodes()),
                device.name(),
                broker.pod(),
                broker.node(),
                broker.stock()));
    }

    /// Each row on a line of its own.
    String render() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append(cell).repeat(' ', widths[column] - cell.length() + 2);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
