package dev.petiole.e2e.story;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.PortForward;
import dev.petiole.e2e.installation.RegistryAuthority;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// The registry's API as a portal outside the cluster calls it: through a port of this machine, by the authority that
/// the chart made for it.
final class RegistryApi implements AutoCloseable {

    private final PortForward forward;
    private final HttpClient client;

    private RegistryApi(PortForward forward, HttpClient client) {
        this.forward = forward;
        this.client = client;
    }

    static RegistryApi open(Kubectl kubectl, String namespace) {
        RegistryAuthority authority = RegistryAuthority.of(kubectl, namespace);
        return new RegistryApi(
                kubectl.forward(namespace, "service/petiole-registry-service", 8080),
                HttpClient.newBuilder().sslContext(authority.context()).build());
    }

    /// @param token of a ServiceAccount; empty: without one
    HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(forward.secureUri(path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        forward.close();
    }
}
