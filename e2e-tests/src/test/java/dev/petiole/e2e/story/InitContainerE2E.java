package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import dev.petiole.e2e.process.Result;
import org.junit.jupiter.api.Test;

/// The kubelet does not tell which devices a regular init container was given.
@ClusterTest
class InitContainerE2E {

    private final Kubectl kubectl;
    private final String namespace;

    /// @param installation must be there, though nothing is asked of it
    InitContainerE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
    }

    @Test
    void aDeviceThatOnlyAnInitContainerAsksForIsRefused() {
        Result only = kubectl.apply(pod("only", "", "{}"));

        assertThat(only.isSuccess()).isFalse();
        assertThat(only.error()).contains("An init container asks for a device of Petiole that no container");
    }

    @Test
    void aSidecarOrAContainerMayAskToo() {
        String asks = "{limits: {\"%s.petiole.dev/scales\": \"1\"}}".formatted(namespace);

        kubectl.apply(pod("sidecar", "restartPolicy: Always", "{}")).orThrow();
        kubectl.apply(pod("both", "", asks)).orThrow();
    }

    private String pod(String name, String more, String resources) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  initContainers:
                  - name: first
                    image: docker.io/library/busybox:1
                    resources: {limits: {"%s.petiole.dev/scales": "1"}}
                    %s
                  containers:
                  - name: second
                    image: docker.io/library/busybox:1
                    resources: %s
                """.formatted(name, namespace, namespace, more, resources);
    }
}
