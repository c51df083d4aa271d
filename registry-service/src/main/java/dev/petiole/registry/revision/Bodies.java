package dev.petiole.registry.revision;

import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Items as they are stored. The mapper is our own, so that no setting of the web layer changes what is on disk.
@Component
public final class Bodies {

    private final JsonMapper json = JsonMapper.builder().build();

    public String write(Object item) {
        return json.writeValueAsString(item);
    }

    public <T> T read(String body, Class<T> type) {
        return json.readValue(body, type);
    }
}
