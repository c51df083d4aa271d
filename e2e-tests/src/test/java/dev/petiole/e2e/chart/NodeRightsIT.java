package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.junit.ApiServers;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/// What a discovery service may do at the API server, as a real one enforces it: what its token could be misused for
/// if it were stolen. Invariant 7.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeRightsIT {

    private static final String USER = "system:serviceaccount:petiole-system:petiole-discovery-service";

    @TempDir
    private static Path directory;

    private ApiServerProcess apiServer;
    private Kubectl admin;

    /// A claim of one of Petiole's devices and one of another vendor's, allocated to node1.
    @BeforeAll
    void start() {
        apiServer = ApiServers.start(NodeRightsIT.class);
        admin = apiServer.kubectl();
        admin.output("create", "namespace", "petiole-system");
        RenderedChart.of(Map.of("dra.enabled", true)).manifests().stream()
                .filter(manifest -> manifest.name().startsWith("petiole-discovery-service"))
                .filter(manifest -> List.of(
                                "ServiceAccount",
                                "ClusterRole",
                                "ClusterRoleBinding",
                                "Role",
                                "RoleBinding",
                                "ValidatingAdmissionPolicy",
                                "ValidatingAdmissionPolicyBinding")
                        .contains(manifest.kind()))
                .forEach(manifest -> admin.apply(manifest.text()).orThrow());
        admin.apply("""
                apiVersion: resource.k8s.io/v1
                kind: ResourceClaim
                metadata: {name: mine, namespace: default}
                spec:
                  devices:
                    requests:
                    - {name: it, exactly: {deviceClassName: shop.scales}}
                    - {name: other, exactly: {deviceClassName: gpu}}
                """).orThrow();
        apply(admin, "status: {allocation: " + allocation("node1") + "}").orThrow();
        // Policies take effect a moment after they are there.
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        !apply(as("node2"), status("petiole.dev", "scales-0")).isSuccess());
    }

    @AfterAll
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    @Test
    void itTellsHowTheDevicesOfItsOwnNodeFare() {
        Result told = apply(as("node1"), status("petiole.dev", "scales-0"));

        assertThat(told.isSuccess()).as(told.error()).isTrue();
        assertThat(admin.json("get", "resourceclaim", "mine")
                        .at("/status/devices/0/device")
                        .asString(""))
                .isEqualTo("scales-0");
    }

    @Test
    void itSaysNothingOfAnothersNode() {
        assertThat(apply(as("node2"), status("petiole.dev", "scales-0")).error())
                .contains("only in ResourceClaims that are allocated to its node");
    }

    /// Such as one that was made with `kubectl create token`.
    @Test
    void aTokenThatNamesNoNodeIsWorthNothing() {
        assertThat(apply(as(""), status("petiole.dev", "scales-0")).error()).contains("must name its node");
    }

    @Test
    void itSaysNothingOfAnothersDevices() {
        assertThat(apply(as("node1"), status("gpu.example", "gpu-0")).error())
                .contains("of the driver petiole.dev only");
    }

    @Test
    void itAllocatesNothing() {
        admin.apply("""
                apiVersion: resource.k8s.io/v1
                kind: ResourceClaim
                metadata: {name: free, namespace: default}
                spec: {devices: {requests: [{name: it, exactly: {deviceClassName: shop.scales}}]}}
                """).orThrow();
        String one = """
                status: {allocation: {devices: {results: [{request: it, driver: petiole.dev, pool: shop, device: scales-1}]}}}
                """;

        assertThat(apply(as("node1"), "free", one).error()).contains("that are allocated to its node");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(textBlock = """
            create, pods
            create, deployments.apps
            create, jobs.batch
            create, serviceaccounts/token
            list,   pods
            get,    secrets
            list,   secrets
            get,    configmaps
            get,    nodes
            patch,  nodes/status
            list,   resourceclaims.resource.k8s.io
            patch,  resourceclaims.resource.k8s.io
            create, resourceslices.resource.k8s.io
            list,   configurations.petiole.dev
            patch,  configurations.petiole.dev
            create, rolebindings.rbac.authorization.k8s.io
            """)
    void itMayNothingElse(String verb, String resource) {
        Result answer = as("node1").run("auth", "can-i", verb, resource, "--all-namespaces");

        assertThat(answer.output().strip()).isEqualTo("no");
    }

    /// Applies a status as a discovery service does, which may not even read it back.
    private static Result apply(Kubectl kubectl, String status) {
        return apply(kubectl, "mine", status);
    }

    private static Result apply(Kubectl kubectl, String claim, String status) {
        return Command.of(kubectl.commandLine(
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--field-manager=" + kubectl.kubeconfig().getFileName(),
                        "--subresource=status",
                        "-f",
                        "-"))
                .withInput("""
                        apiVersion: resource.k8s.io/v1
                        kind: ResourceClaim
                        metadata: {name: %s, namespace: default}
                        %s
                        """.formatted(claim, status))
                .run();
    }

    private static String allocation(String node) {
        return """
                {devices: {results: [{request: it, driver: petiole.dev, pool: shop, device: scales-0},
                  {request: other, driver: gpu.example, pool: rack, device: gpu-0}]},
                 nodeSelector: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]}]}}
                """.formatted(node);
    }

    private static String status(String driver, String device) {
        return "status: {devices: [{driver: %s, pool: %s, device: %s}]}"
                .formatted(driver, driver.startsWith("gpu") ? "rack" : "shop", device);
    }

    /// A discovery service by its token, which the API server takes for one that is bound to a Pod of this node.
    ///
    /// @param node empty for a token that is bound to no Pod
    private Kubectl as(String node) {
        Path file = directory.resolve("as-" + node + ".kubeconfig");
        try {
            Map<String, Object> config = new Yaml().load(Files.readString(admin.kubeconfig()));
            for (Object entry : (List<?>) config.get("users")) {
                Map<String, Object> user = user(entry);
                user.put("as", USER);
                if (!node.isEmpty()) {
                    user.put("as-user-extra", Map.of("authentication.kubernetes.io/node-name", List.of(node)));
                }
            }
            Files.writeString(file, new Yaml().dump(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Kubectl(admin.executable(), file);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> user(Object entry) {
        return (Map<String, Object>) ((Map<String, Object>) entry).get("user");
    }
}
