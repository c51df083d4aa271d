package dev.petiole.discovery.property;

import dev.petiole.discovery.kubernetes.KubernetesApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The few calls of the Kubernetes API that reading Secrets and ConfigMaps takes. Nothing is loaded before the
/// first one. Thread-safe.
final class KubernetesObjects {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WATCH_SECONDS = 300;
    // An object of Kubernetes has at most 1 MiB, and Base64 adds a third.
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json";

    private final KubernetesApi kubernetes;
    private final SecretsProperties properties;
    private final JsonMapper json = JsonMapper.builder().build();

    KubernetesObjects(KubernetesApi kubernetes, SecretsProperties properties) {
        this.kubernetes = kubernetes;
        this.properties = properties;
    }

    /// Looks at an object; what is known already is not fetched again, only compared.
    Content look(ObjectRef ref, @Nullable Content known) throws InterruptedException {
        if (!properties.enabled()) {
            return new Content.Unreachable(
                    "this discovery service reads none; the chart's discovery.secrets.enabled has it do so");
        }
        try {
            String path = path(ref) + "/" + encoded(ref.name());
            if (known instanceof Content.Present present) {
                HttpResponse<InputStream> metadata = kubernetes.get(path, METADATA_ONLY, PATIENCE);
                Content content = content(ref, metadata);
                boolean isSame = content instanceof Content.Present now
                        && now.resourceVersion().equals(present.resourceVersion());
                if (isSame || !(content instanceof Content.Present)) {
                    return isSame ? present : content;
                }
            }
            return content(ref, kubernetes.get(path, "application/json", PATIENCE));
        } catch (IOException e) {
            return new Content.Unreachable("the Kubernetes API can't be reached: " + e);
        } catch (JacksonException _) {
            // Whatever it quotes may be a secret.
            return new Content.Unreachable("the Kubernetes API's answer makes no sense");
        }
    }

    /// Waits until the object changes, or some minutes.
    ///
    /// @return whether its changes are told; false if that is not granted
    boolean awaitChange(ObjectRef ref, @Nullable String resourceVersion) throws IOException, InterruptedException {
        String query = "?watch=1&timeoutSeconds=" + WATCH_SECONDS + "&fieldSelector="
                + encoded("metadata.name=" + ref.name())
                + (resourceVersion == null ? "" : "&resourceVersion=" + encoded(resourceVersion));
        HttpResponse<InputStream> response = kubernetes.get(
                path(ref) + query, METADATA_ONLY, Duration.ofSeconds(WATCH_SECONDS + PATIENCE.toSeconds()));
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                return response.statusCode() != 403;
            }
            var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            // One event is enough; the object is looked at then.
            int _ = lines.read();
            return true;
        }
    }

    private Content content(ObjectRef ref, HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            return switch (response.statusCode()) {
                case 200 -> present(ref, json.readTree(body.readNBytes(MAX_BYTES)));
                case 404 -> new Content.Absent();
                case 403 -> new Content.Denied();
                default -> new Content.Unreachable("the Kubernetes API answers " + response.statusCode());
            };
        }
    }

    private static Content present(ObjectRef ref, JsonNode object) {
        Map<String, String> values = new HashMap<>();
        Set<String> binary = new HashSet<>();
        boolean isEncoded = ref.kind() == ObjectRef.Kind.SECRET;
        object.path("data").properties().forEach(entry -> {
            String text = entry.getValue().asString("");
            if (isEncoded) {
                put(values, binary, entry.getKey(), text);
            } else {
                values.put(entry.getKey(), text);
            }
        });
        object.path("binaryData")
                .properties()
                .forEach(entry ->
                        put(values, binary, entry.getKey(), entry.getValue().asString("")));
        return new Content.Present(object.at("/metadata/resourceVersion").asString(""), values, binary);
    }

    /// Text, as far as it is text, which properties are for every built-in handler; else a character for each byte.
    private static void put(Map<String, String> values, Set<String> binary, String key, String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        try {
            values.put(
                    key,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException _) {
            values.put(key, new String(bytes, StandardCharsets.ISO_8859_1));
            binary.add(key);
        }
    }

    private static String path(ObjectRef ref) {
        return "/api/v1/namespaces/" + encoded(ref.namespace()) + "/"
                + ref.kind().plural();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
