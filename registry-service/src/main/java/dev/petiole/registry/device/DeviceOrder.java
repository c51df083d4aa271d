package dev.petiole.registry.device;

import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.query.ListQuery;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How devices are ordered: by one field, and by their keys where that is the same.
record DeviceOrder(Field field, boolean isDescending) {

    static final DeviceOrder BY_KEY = new DeviceOrder(Field.KEY, false);

    /// What devices can be ordered by.
    enum Field {
        KEY(""),
        NAME("name"),
        CONFIGURATION("configuration"),
        HANDLER("handler"),
        PRESENCE("presence"),
        ADMISSION("admission"),
        PRESENCE_SINCE("presenceSince");

        private final String parameter;

        Field(String parameter) {
            this.parameter = parameter;
        }
    }

    /// @param sort a field's name, after `-` for the opposite order; null for the order of keys
    static DeviceOrder parse(@Nullable String sort) {
        if (sort == null) {
            return BY_KEY;
        }
        boolean isDescending = sort.startsWith("-");
        String name = isDescending ? sort.substring(1) : sort;
        return Arrays.stream(Field.values())
                .filter(field -> field != Field.KEY && field.parameter.equals(name))
                .findFirst()
                .map(field -> new DeviceOrder(field, isDescending))
                .orElseThrow(() -> new InvalidFields(
                        "sort",
                        "must be one of "
                                + Arrays.stream(Field.values())
                                        .skip(1)
                                        .map(field -> field.parameter)
                                        .collect(Collectors.joining(", "))
                                + ", or one of them after -"));
    }

    /// @return the device's value of the field, as text
    String value(DeviceRecord device) {
        return switch (field) {
            case KEY -> "";
            case NAME -> device.name();
            case CONFIGURATION -> device.configuration().name();
            case HANDLER -> device.handler();
            case PRESENCE -> ListQuery.name(device.presence());
            case ADMISSION -> ListQuery.name(device.admission());
            case PRESENCE_SINCE -> Long.toString(device.presenceSince().toEpochMilli());
        };
    }
}
