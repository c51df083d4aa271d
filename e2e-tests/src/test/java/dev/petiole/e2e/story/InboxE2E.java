package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A new device is not exposed before somebody lets it in, and an operator needs nothing but kubectl for it.
@ClusterTest
class InboxE2E {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Kubectl kubectl;
    private final String namespace;
    private final View view;

    /// @param installation must be there, though nothing is asked of it
    InboxE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void deleteAll() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void aDeviceIsExposedOnceARuleNamesIt() {
        kubectl.apply(configuration("")).orThrow();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pending()).hasSize(2));
        assertThat(view.instances("inbox")).isEmpty();
        String approved = pending().getFirst();
        String ignored = pending().getLast();

        kubectl.apply(configuration("""
                  admissionRules:
                  - {name: by-hand, devices: [%s]}
                  - {name: not-ours, decide: Ignore, devices: [%s]}
                """.formatted(approved, ignored))).orThrow();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(View.name(view.onlyInstance("inbox"))).isEqualTo(approved);
            assertThat(pending()).isEmpty();
        });
    }

    @Test
    void aRuleWithNothingToGoByIsRefused() {
        var refused = kubectl.apply(configuration("""
                  admissionRules: [{name: anything}]
                """));

        assertThat(refused.isSuccess()).isFalse();
        assertThat(refused.error()).contains("at least one of devices, match and block");
    }

    private List<String> pending() {
        JsonNode configuration = kubectl.json("get", "configurations.petiole.dev", "inbox", "-n", namespace);
        return configuration
                .at("/status/pendingDevices")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private String configuration(String rules) {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: inbox, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: [foo0, foo1]"}
                  admission: Manual
                """.formatted(namespace) + rules;
    }
}
