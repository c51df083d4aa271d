package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who gets into the registry's API, as a real API server tells callers apart.
@ClusterTest
final class AccessE2E {

    private static final String DEVICES = "/api/v1/devices";
    private static final String CONFIGURATION = "/api/v1/configurations/petiole.dev/default/none";

    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;

    AccessE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
    }

    @Test
    void onlyWhoIsNamedReadsAndOnlyWithATokenForTheRegistry() throws Exception {
        kubectl.output("create", "serviceaccount", "portal", "-n", namespace);
        kubectl.output("create", "serviceaccount", "stranger", "-n", namespace);
        installation.upgrade(Map.of("registry.access.viewers[0]", "system:serviceaccount:" + namespace + ":portal"));

        String portal = token("portal", "petiole-registry");
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(status("GET", DEVICES, portal)).isEqualTo(200));
        assertThat(status("DELETE", CONFIGURATION, portal)).isEqualTo(403);
        assertThat(status("GET", DEVICES, token("stranger", "petiole-registry")))
                .isEqualTo(403);
        assertThat(status("GET", DEVICES, token("portal", "another-service"))).isEqualTo(401);
        assertThat(status("GET", DEVICES, "")).isEqualTo(401);
        assertThat(status("GET", "/v3/api-docs", "")).isEqualTo(200);
    }

    /// Invariant 8: not even an admin of the registry.
    @Test
    void nobodyGetsMoreMadeOverRestThanTheyCouldMakeWithKubectl() throws Exception {
        kubectl.output("create", "serviceaccount", "architect", "-n", namespace);
        String architect = "system:serviceaccount:" + namespace + ":architect";
        installation.upgrade(Map.of("registry.access.admins[0]", architect));
        String token = token("architect", "petiole-registry");
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(status("GET", DEVICES, token)).isEqualTo(200));

        HttpResponse<String> refused = put(token);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        assertThat(refused.body())
                .contains("spec.brokerSpec.brokerPodSpec")
                .contains(architect + " may not create pods");

        kubectl.output("create", "role", "pods", "-n", namespace, "--verb=create", "--resource=pods");
        kubectl.output(
                "create",
                "rolebinding",
                "pods",
                "-n",
                namespace,
                "--role=pods",
                "--serviceaccount=" + namespace + ":architect");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            HttpResponse<String> made = put(token);
            assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        });

        var view = new View(kubectl, namespace);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(view.readyBrokers("theirs")).hasSize(1));
        String path = "/api/v1/configurations/petiole.dev/" + namespace + "/theirs";
        try (RegistryApi registry = RegistryApi.open(kubectl, installation.namespace())) {
            registry.send(registry.request(path, token).header("If-Match", "*").DELETE());
        }
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(view.brokers("theirs")).isEmpty();
            assertThat(kubectl.names("configurations.petiole.dev", "-n", namespace))
                    .isEmpty();
        });
    }

    private HttpResponse<String> put(String token) throws IOException, InterruptedException {
        String path = "/api/v1/configurations/petiole.dev/" + namespace + "/theirs";
        try (RegistryApi registry = RegistryApi.open(kubectl, installation.namespace())) {
            return registry.send(registry.request(path, token)
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("""
                            {"spec": {"discoveryHandler": {"name": "debugEcho", "discoveryDetails": "descriptions: [foo0]"},
                              "brokerSpec": {"brokerPodSpec": {"terminationGracePeriodSeconds": 0, "containers": [
                                {"name": "broker", "image": "docker.io/library/busybox:1", "imagePullPolicy": "IfNotPresent",
                                 "command": ["sleep", "100000"],
                                 "resources": {"limits": {"{{PLACEHOLDER}}": "1"}}}]}}}}""")));
        }
    }

    private String token(String account, String audience) {
        return kubectl.output("create", "token", account, "-n", namespace, "--audience", audience)
                .strip();
    }

    private int status(String method, String path, String token) throws IOException, InterruptedException {
        try (RegistryApi registry = RegistryApi.open(kubectl, installation.namespace())) {
            return registry.send(registry.request(path, token).method(method, BodyPublishers.noBody()))
                    .statusCode();
        }
    }
}
