package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.InvalidDetails;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The users of a Configuration's devices, from its discovery properties in each of Akri's layouts.
final class Credentials {

    /* A later layout wins over an earlier one, as in Akri:
     * 1. `device_credential_list`: names of properties that hold {"<uuid>": {"username", "password", "base64encoded"}}
     * 2. `device_credential_ref_list`: the same with {"username_ref", "password_ref"}, names of further properties
     * 3. `username_<uuid>` and `password_<uuid>`, the uuid with _ for -
     * The uuid `default` stands for every device that is not named. No message tells a value: it may be a secret.
     */

    private static final String LIST = "device_credential_list";
    private static final String REF_LIST = "device_credential_ref_list";
    private static final String USERNAME = "username_";
    private static final String PASSWORD = "password_";
    private static final String DEFAULT = "default";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Entry>> ENTRIES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Reference>> REFERENCES = new TypeReference<>() {};

    private final Map<String, Credential> byDevice;

    private Credentials(Map<String, Credential> byDevice) {
        this.byDevice = Map.copyOf(byDevice);
    }

    private record Entry(
            @Nullable String username,
            @Nullable String password,
            @Nullable Boolean base64encoded) {}

    private record Reference(
            @Nullable String username_ref, @Nullable String password_ref) {}

    /// @throws InvalidDetails naming the property that makes no sense
    static Credentials of(Map<String, String> properties) {
        var found = new HashMap<String, Credential>();
        putListed(properties, found);
        putReferenced(properties, found);
        putNamed(properties, found);
        return new Credentials(found);
    }

    Optional<Credential> find(String uuid) {
        Credential own = byDevice.get(key(uuid));
        return Optional.ofNullable(own == null ? byDevice.get(DEFAULT) : own);
    }

    private static void putListed(Map<String, String> properties, Map<String, Credential> found) {
        for (String name : names(properties, LIST)) {
            entries(properties, name, ENTRIES, "{\"<uuid>\": {\"username\": …, \"password\": …}}")
                    .forEach((uuid, entry) -> {
                        if (entry.username() != null && !entry.username().isEmpty()) {
                            found.put(key(uuid), new Credential(entry.username(), password(name, entry)));
                        }
                    });
        }
    }

    private static void putReferenced(Map<String, String> properties, Map<String, Credential> found) {
        for (String name : names(properties, REF_LIST)) {
            entries(properties, name, REFERENCES, "{\"<uuid>\": {\"username_ref\": …, \"password_ref\": …}}")
                    .forEach((uuid, reference) -> {
                        String username = value(properties, reference.username_ref());
                        if (!username.isEmpty()) {
                            found.put(key(uuid), new Credential(username, value(properties, reference.password_ref())));
                        }
                    });
        }
    }

    private static void putNamed(Map<String, String> properties, Map<String, Credential> found) {
        properties.forEach((name, username) -> {
            if (name.startsWith(USERNAME) && !username.isEmpty()) {
                String device = name.substring(USERNAME.length());
                found.put(key(device), new Credential(username, properties.getOrDefault(PASSWORD + device, "")));
            }
        });
    }

    private static List<String> names(Map<String, String> properties, String list) {
        String text = properties.get(list);
        return text == null || text.isBlank() ? List.of() : read(list, text, NAMES, "[\"<property>\", …]");
    }

    /// A property that is absent comes from a Secret that was declared optional.
    private static <T> Map<String, T> entries(
            Map<String, String> properties, String name, TypeReference<Map<String, T>> type, String expected) {
        String text = properties.get(name);
        return text == null || text.isBlank() ? Map.of() : read(name, text, type, expected);
    }

    private static <T> T read(String name, String text, TypeReference<T> type, String expected) {
        String message = "discoveryProperties." + name + ": not what it should be (expected: JSON, " + expected + ")";
        @Nullable T value;
        try {
            value = JSON.readValue(text, type);
        } catch (JacksonException _) {
            // The cause would quote the secret.
            throw new InvalidDetails(message);
        }
        boolean hasNull = value == null
                || (value instanceof List<?> list && list.stream().anyMatch(Objects::isNull))
                || (value instanceof Map<?, ?> map && map.values().stream().anyMatch(Objects::isNull));
        if (value == null || hasNull) {
            throw new InvalidDetails(message);
        }
        return value;
    }

    private static String password(String name, Entry entry) {
        if (entry.password() == null) {
            return "";
        }
        if (!Boolean.TRUE.equals(entry.base64encoded())) {
            return entry.password();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(
                            Base64.getDecoder().decode(entry.password().strip())))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new InvalidDetails("discoveryProperties." + name
                    + ": a password is not text once it is decoded (expected: Base64 of UTF-8)");
        } catch (IllegalArgumentException _) {
            throw new InvalidDetails("discoveryProperties." + name
                    + ": a password is not Base64 (expected: Base64, since base64encoded is true)");
        }
    }

    private static String value(Map<String, String> properties, @Nullable String name) {
        return name == null ? "" : properties.getOrDefault(name, "");
    }

    private static String key(String uuid) {
        return WsDiscovery.endpoint(uuid).replace('-', '_').toLowerCase(Locale.ROOT);
    }
}
