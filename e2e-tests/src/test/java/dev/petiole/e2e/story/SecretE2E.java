package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Discovery properties from a Secret, with Kubernetes' own rules of access.
@ClusterTest
class SecretE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern COMMAND = Pattern.compile("kubectl ([^;)]+)");

    private final Kubectl kubectl;
    private final String namespace;
    private final View view;

    /// @param installation must be there, though nothing is asked of it
    SecretE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void isReadOnceItsNamespacesOwnerGrantsItAndWhatHappensToItIsNoticed() {
        kubectl.output("create", "secret", "generic", "camera", "-n", namespace, "--from-literal=password=hunter2");
        kubectl.apply(configuration()).orThrow();
        awaitReason("SecretNotReadable");
        assertThat(view.instances("cameras")).isEmpty();

        // The remedy is run as the message says it.
        commands(view.condition("cameras", "Discovering").path("message").asString(""))
                .forEach(command -> kubectl.output(command.toArray(String[]::new)));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.instances("cameras")).hasSize(1));

        kubectl.output("delete", "secret", "camera", "-n", namespace);
        awaitReason("SecretNotFound");
        assertThat(view.instances("cameras"))
                .as("a Secret that is gone takes no device away")
                .hasSize(1);

        kubectl.output("create", "secret", "generic", "camera", "-n", namespace, "--from-literal=password=new");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.condition("cameras", "Discovering")
                                .path("status")
                                .asString(""))
                        .isEqualTo("True"));
        assertThat(kubectl.output(
                        "get", "instances.petiole.dev,configurations.petiole.dev", "-n", namespace, "-o", "yaml"))
                .doesNotContain("hunter2");
    }

    private void awaitReason(String reason) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(view.discoveringReason("cameras")).isEqualTo(reason));
    }

    private static List<List<String>> commands(String message) {
        List<List<String>> commands = new ArrayList<>();
        Matcher matcher = COMMAND.matcher(message);
        while (matcher.find()) {
            commands.add(List.of(matcher.group(1).strip().split(" ")));
        }
        assertThat(commands).as(message).hasSize(2);
        return commands;
    }

    private String configuration() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: cameras, namespace: %s}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |
                      descriptions: [camera]
                    discoveryProperties:
                    - name: password
                      valueFrom: {secretKeyRef: {name: camera, key: password}}
                """.formatted(namespace);
    }
}
