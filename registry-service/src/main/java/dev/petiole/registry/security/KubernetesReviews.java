package dev.petiole.registry.security;

import dev.petiole.registry.configuration.Need;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks Kubernetes about tokens (authentication.k8s.io/v1, TokenReview) and rights (authorization.k8s.io/v1,
/// SubjectAccessReview). Plain HTTP calls do: the registry needs nothing else of Kubernetes. Made only when it is
/// needed, since outside a cluster there is nobody to ask.
@Component
@Lazy
final class KubernetesReviews {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String RIGHTS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    private static final int CREATED = 201;

    private final SecurityProperties properties;
    private final JsonMapper json;
    private final HttpClient http;

    KubernetesReviews(SecurityProperties properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1);
        this.http = properties.kubernetes().scheme().equals("https")
                ? builder.sslContext(trusting(properties.kubernetes())).build()
                : builder.build();
    }

    /// @throws InvalidBearerTokenException if the token is not valid for our audience
    /// @throws AuthenticationServiceException if Kubernetes can't be asked
    Caller review(String token) {
        JsonNode status = ask(token).path("status");
        boolean isForUs = status.path("audiences")
                .valueStream()
                .anyMatch(each -> each.asString().equals(properties.audience()));
        if (!status.path("authenticated").asBoolean(false) || !isForUs) {
            throw new InvalidBearerTokenException(
                    "The token is not valid for the audience " + properties.audience() + ".");
        }
        JsonNode user = status.path("user");
        return new Caller(actor(user), new KubernetesUser(user.path("username").asString(""), groups(user)));
    }

    /// @throws AuthenticationServiceException if Kubernetes can't be asked
    boolean allows(KubernetesUser user, Need need) {
        Map<String, Object> attributes = new TreeMap<>(Map.of(
                "verb", need.verb(),
                "group", need.group(),
                "resource", need.resource(),
                "namespace", need.namespace()));
        if (need.name() != null) {
            attributes.put("name", need.name());
        }
        return post(
                        RIGHTS,
                        Map.of(
                                "apiVersion",
                                "authorization.k8s.io/v1",
                                "kind",
                                "SubjectAccessReview",
                                "spec",
                                Map.of("user", user.name(), "groups", user.groups(), "resourceAttributes", attributes)))
                .at("/status/allowed")
                .asBoolean(false);
    }

    private static List<String> groups(JsonNode user) {
        return user.path("groups").valueStream().map(JsonNode::asString).toList();
    }

    private Actor actor(JsonNode user) {
        String name = user.path("username").asString("");
        List<String> groups = groups(user);
        @Nullable String node = user.path("extra")
                .path(NODE_NAME)
                .valueStream()
                .map(JsonNode::asString)
                .findFirst()
                .orElse(null);
        Set<Role> roles = EnumSet.noneOf(Role.class);
        roles.addAll(properties.subjects().rolesOf(name, groups));
        if (name.equals(properties.schedulerUser())) {
            roles.add(Role.SCHEDULER);
        }
        if (name.equals(properties.discoveryUser())) {
            roles.add(Role.AGENT);
        }
        return Actor.of(name, roles, node);
    }

    private JsonNode ask(String token) {
        return post(
                TOKENS,
                Map.of(
                        "apiVersion", "authentication.k8s.io/v1",
                        "kind", "TokenReview",
                        "spec", Map.of("token", token, "audiences", List.of(properties.audience()))));
    }

    private JsonNode post(String path, Map<String, Object> review) {
        try {
            // Read each time, since the kubelet rotates it.
            String ours = Files.readString(properties.kubernetes().tokenFile()).strip();
            HttpRequest request = HttpRequest.newBuilder(
                            properties.kubernetes().apiServer().resolve(path))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + ours)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(review)))
                    .build();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != CREATED) {
                throw new AuthenticationServiceException("Kubernetes answered a " + review.get("kind") + " with "
                        + response.statusCode() + "; may the registry create tokenreviews and subjectaccessreviews?");
            }
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new AuthenticationServiceException("Kubernetes can't be asked about the caller: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuthenticationServiceException("The registry is stopping.", e);
        }
    }

    private static SSLContext trusting(SecurityProperties.Kubernetes kubernetes) {
        try (InputStream pem = Files.newInputStream(kubernetes.caFile())) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("ca-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "petiole.security.kubernetes.ca-file: " + kubernetes.caFile()
                            + " (expected: the API server's CA in PEM)",
                    e);
        }
    }
}
