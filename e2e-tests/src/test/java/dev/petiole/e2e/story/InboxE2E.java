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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A new device is not exposed before somebody lets it in: over REST, or by a rule of its Configuration.
@ClusterTest
class InboxE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;

    InboxE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void deleteAll() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void anOperatorsApprovalOverRestMakesAnInstanceAndABroker() throws Exception {
        manual("byhand", "");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pending("byhand")).hasSize(2));
        assertThat(view.instances("byhand")).isEmpty();
        assertThat(view.brokers("byhand")).isEmpty();
        String wanted = pending("byhand").getFirst();
        String other = pending("byhand").getLast();

        decide(wanted, "Approved");

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(View.name(view.onlyInstance("byhand"))).isEqualTo(wanted);
            assertThat(view.readyBrokers("byhand")).hasSize(1);
            assertThat(pending("byhand")).containsExactly(other);
        });

        // What was let in can be put out again.
        decide(wanted, "Ignored");

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.instances("byhand")).isEmpty();
            assertThat(view.brokers("byhand")).isEmpty();
        });
        assertThat(pending("byhand")).containsExactly(other);
    }

    /// With nothing but kubectl.
    @Test
    void aDeviceIsExposedOnceARuleNamesIt() {
        manual("byrule", "");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pending("byrule")).hasSize(2));
        String approved = pending("byrule").getFirst();
        String ignored = pending("byrule").getLast();

        manual("byrule", """
                  admissionRules:
                  - {name: by-hand, devices: [%s]}
                  - {name: not-ours, decide: Ignore, devices: [%s]}
                """.formatted(approved, ignored));

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(View.name(view.onlyInstance("byrule"))).isEqualTo(approved);
            assertThat(view.readyBrokers("byrule")).hasSize(1);
            assertThat(pending("byrule")).isEmpty();
        });
    }

    private void manual(String name, String more) {
        String echo = new EchoConfiguration(namespace, name, "[foo0, foo1]", 1).yaml();
        kubectl.apply(echo + "  admission: Manual\n" + more).orThrow();
    }

    private List<String> pending(String configuration) {
        return kubectl.json("get", "configurations.petiole.dev", configuration, "-n", namespace)
                .at("/status/pendingDevices")
                .valueStream()
                .map(device -> device.asString())
                .toList();
    }

    /// As a person's tool does: reads the device for its entity tag, then decides.
    private void decide(String device, String admission) throws IOException, InterruptedException {
        String token = operatorToken();
        String path = "/api/v1/devices/petiole.dev/%s/%s".formatted(namespace, device);
        try (RegistryApi registry = RegistryApi.open(kubectl, installation.namespace())) {
            HttpResponse<String> read = registry.send(registry.request(path, token));
            assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
            HttpResponse<String> decided = registry.send(registry.request(path + "/admission", token)
                    .header("Content-Type", "application/json")
                    .header("If-Match", read.headers().firstValue("ETag").orElseThrow())
                    .PUT(BodyPublishers.ofString("{\"admission\": \"%s\"}".formatted(admission))));
            assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        }
    }

    private String operatorToken() {
        kubectl.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: operator, namespace: %s}
                """.formatted(installation.namespace())).orThrow();
        return kubectl.output(
                        "create", "token", "operator", "-n", installation.namespace(), "--audience", "petiole-registry")
                .strip();
    }
}
