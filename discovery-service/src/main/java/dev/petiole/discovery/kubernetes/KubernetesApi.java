package dev.petiole.discovery.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A connection to the Kubernetes API, made with the first call. Thread-safe.
///
/// What reads or writes an object throws [KubernetesRefusal] and [KubernetesUnreachable].
@Component
public final class KubernetesApi {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_CONCURRENT_CALLS = 8;
    private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;
    private static final int NOT_FOUND = 404;
    private static final String JSON = "application/json";

    private final KubernetesProperties properties;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Semaphore calls = new Semaphore(MAX_CONCURRENT_CALLS);
    private @Nullable HttpClient client;

    KubernetesApi(KubernetesProperties properties) {
        this.properties = properties;
    }

    /// @param path below the API server's address
    /// @return the object; empty if there is none
    public Optional<JsonNode> find(String path) {
        try {
            return Optional.of(send("GET " + path, request(path, JSON, PATIENCE)));
        } catch (KubernetesRefusal e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Makes the part of an object that belongs to `fieldManager` be as `object` says (server-side apply,
    /// forced).
    public void apply(String path, String fieldManager, JsonNode object) {
        HttpRequest.Builder request = request(path + "?force=true&fieldManager=" + fieldManager, JSON, PATIENCE)
                .header("Content-Type", "application/apply-patch+yaml")
                .method("PATCH", BodyPublishers.ofByteArray(json.writeValueAsBytes(object)));
        send("PATCH " + path, request);
    }

    /// Asks for something that may be long, or take long, such as a watch; [#find] is for an object.
    ///
    /// @param path below the API server's address, with its query
    /// @param accept the media types wanted
    /// @param patience until the answer begins
    /// @return whatever is answered; the caller closes the body
    public HttpResponse<InputStream> get(String path, String accept, Duration patience)
            throws IOException, InterruptedException {
        return exchange(request(path, accept, patience));
    }

    private HttpRequest.Builder request(String path, String accept, Duration patience) {
        return HttpRequest.newBuilder(properties.url().resolve(path))
                .timeout(patience)
                .header("Accept", accept)
                .header("User-Agent", "petiole-discovery-service");
    }

    /// @param what is asked, for messages
    private JsonNode send(String what, HttpRequest.Builder request) {
        try {
            calls.acquire();
            try {
                return answer(exchange(request));
            } finally {
                calls.release();
            }
        } catch (IOException | JacksonException e) {
            throw new KubernetesUnreachable(what + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesUnreachable(what + ": the discovery service ends", e);
        }
    }

    private HttpResponse<InputStream> exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (Files.exists(properties.tokenFile())) {
            // Read anew for each request, since the kubelet rotates it.
            String token = Files.readString(properties.tokenFile()).strip();
            request.header("Authorization", "Bearer " + token);
        }
        return client().send(request.build(), BodyHandlers.ofInputStream());
    }

    private JsonNode answer(HttpResponse<InputStream> response) throws IOException {
        byte[] body;
        try (InputStream stream = response.body()) {
            body = stream.readNBytes(MAX_BODY_BYTES);
        }
        boolean isSuccess = response.statusCode() / 100 == 2;
        if (!isSuccess) {
            throw new KubernetesRefusal(response.statusCode(), message(response.statusCode(), body));
        }
        return json.readTree(body);
    }

    private String message(int status, byte[] body) {
        try {
            return json.readTree(body).path("message").asString("HTTP status " + status);
        } catch (JacksonException _) {
            // Not from the API server but from something before it.
            return "HTTP status " + status;
        }
    }

    private synchronized HttpClient client() throws IOException {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE);
            if (Files.exists(properties.caFile())) {
                builder.sslContext(trusting(properties.caFile()));
            }
            made = builder.build();
            client = made;
        }
        return made;
    }

    private static SSLContext trusting(Path caFile) throws IOException {
        try (InputStream pem = Files.newInputStream(caFile)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "petiole.kubernetes.ca-file: " + caFile
                            + " holds no certificates that can be trusted (expected: PEM)",
                    e);
        }
    }

    /// @return the path of a ResourceClaim (`resource.k8s.io/v1`)
    public static String resourceClaim(String namespace, String name) {
        // Both are DNS names, so nothing needs to be escaped; anything else is no path at all.
        return URI.create("/apis/resource.k8s.io/v1/namespaces/" + namespace + "/resourceclaims/" + name)
                .getPath();
    }
}
