package dev.petiole.e2e.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import dev.petiole.e2e.chart.RenderedChart;
import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.helm.HelmChart;
import dev.petiole.e2e.helm.HelmRelease;
import dev.petiole.e2e.junit.ApiServers;
import dev.petiole.e2e.process.Command;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The commands of the guide to come over from Akri, as they stand there, on a real API server with what a release of
/// Akri's chart leaves there. Akri itself is a chart with objects of the same kinds: no agent runs.
class MigrationIT {

    private static final Path CRDS = RenderedChart.DIRECTORY.resolve("files/akri");

    @TempDir
    private Path directory;

    private ApiServerProcess apiServer;
    private Kubectl kubectl;
    private HelmRelease akri;

    @BeforeEach
    void installAkri() throws IOException {
        apiServer = ApiServers.start(MigrationIT.class);
        kubectl = apiServer.kubectl();
        akri = new HelmRelease("akri", "akri", kubectl.kubeconfig());
        Path chart = directory.resolve("akri");
        Path crds = Files.createDirectories(chart.resolve("crds"));
        for (String resource : List.of("configurations", "instances")) {
            // Akri's definitions have no status.
            String definition = Files.readString(CRDS.resolve(resource + ".akri.sh.yaml"))
                    .replaceAll("(?m)^ +subresources:\\n +status: \\{}\\n", "");
            Files.writeString(crds.resolve(resource + ".yaml"), definition);
        }
        Files.writeString(chart.resolve("Chart.yaml"), "{apiVersion: v2, name: akri, version: 0.13.26}");
        Path templates = Files.createDirectories(chart.resolve("templates"));
        Files.writeString(templates.resolve("akri.yaml"), AKRI);
        Helm.install(chart.toString())
                .withName("akri")
                .withNamespace("akri")
                .createNamespace()
                .withKubeConfig(kubectl.kubeconfig())
                .call();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> kubectl.run("get", "serviceaccount", "default", "-n", "akri")
                        .isSuccess());
        kubectl.apply(instance()).orThrow();
        kubectl.apply(broker()).orThrow();
    }

    @AfterEach
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    @Test
    void akriGoesAndWhatItMadeStaysOnTheWayOverAndBack() throws IOException {
        Map<String, String> before = uids();
        assertThat(before).hasSize(3);
        Path tools = tools();

        run(tools, "kubectl get configurations.akri.sh,instances.akri.sh");

        assertThat(uids()).isEqualTo(before);
        assertThat(akri.exists()).isFalse();
        assertThat(kubectl.names("deployments,daemonsets", "-n", "akri")).isEmpty();
        assertThat(kubectl.names("clusterroles", "--field-selector", "metadata.name=akri-agent-role"))
                .isEmpty();
        assertThat(kubectl.names("validatingwebhookconfigurations")).isEmpty();

        run(tools, "--show-only templates/akri/crds.yaml");

        assertThat(kubectl.json("get", "crd", "configurations.akri.sh")
                        .at("/spec/versions/0/subresources/status")
                        .isObject())
                .isTrue();
        assertThat(uids()).isEqualTo(before);

        // What the two commands with Helm do, but for its library, which takes no command line.
        var petiole = new HelmRelease("petiole", RenderedChart.NAMESPACE, kubectl.kubeconfig());
        var chart = new HelmChart(RenderedChart.DIRECTORY);
        chart.apply(petiole, values(true));
        assertThat(uids()).isEqualTo(before);
        assertThat(kubectl.output("get", "configurations.akri.sh", "--all-namespaces", "--output", "wide"))
                .contains("akri-udev");

        chart.apply(petiole, values(false));
        assertThat(uids()).isEqualTo(before);
        petiole.uninstall();
        assertThat(uids()).isEqualTo(before);
    }

    /// Without a node no Job would ever run.
    private static Map<String, Object> values(boolean akri) {
        return Map.of("akri.enabled", akri, "registry.storage.type", "pvc", "scheduler.uninstallHook", false);
    }

    /// Runs the block of the guide that has this in it.
    private void run(Path tools, String mark) {
        List<Block> blocks = Block.all().stream()
                .filter(block -> block.place().startsWith("docs/migrating-from-akri.md")
                        && block.language().equals("sh")
                        && block.text().contains(mark))
                .toList();
        assertThat(blocks).as(mark).hasSize(1);
        Command.of("bash", "-euo", "pipefail", "-c", blocks.getFirst().text())
                .withEnvironment("PATH", tools + ":" + System.getenv("PATH"))
                .withEnvironment(
                        "KUBECONFIG", kubectl.kubeconfig().toAbsolutePath().toString())
                .run()
                .orThrow();
    }

    /// `kubectl`, and of `helm` what the guide uses: the manifest that the cluster has of the release, and our chart.
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        Path manifest = directory.resolve("manifest.yaml");
        Files.writeString(manifest, manifestOfRelease());
        Path definitions = directory.resolve("definitions.yaml");
        Files.writeString(
                definitions,
                String.join(
                        "---\n",
                        RenderedChart.of(Map.of("akri.enabled", true, "akri.definitions", "Install"))
                                .manifests()
                                .stream()
                                .filter(one -> one.kind().equals("CustomResourceDefinition"))
                                .map(RenderedChart.Manifest::text)
                                .toList()));
        script(
                tools.resolve("kubectl"),
                "exec %s \"$@\"".formatted(kubectl.executable().toAbsolutePath()));
        script(
                tools.resolve("helm"),
                "case \"$1 $2\" in \"get manifest\") cat %s;; \"template petiole\") cat %s;; *) exit 9;; esac"
                        .formatted(manifest, definitions));
        return tools;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// As `helm get manifest` prints it: Helm keeps it in a Secret.
    private String manifestOfRelease() throws IOException {
        String release = kubectl.json("get", "secret", "sh.helm.release.v1.akri.v1", "-n", "akri")
                .at("/data/release")
                .asString();
        byte[] zipped = Base64.getDecoder().decode(Base64.getDecoder().decode(release));
        try (var content = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return new JsonMapper().readTree(content).path("manifest").asString();
        }
    }

    private Map<String, String> uids() {
        var uids = new TreeMap<String, String>();
        kubectl.list("configurations.akri.sh,instances.akri.sh,pods", "-n", "akri").stream()
                .filter(object -> object.at("/metadata/deletionTimestamp").isMissingNode())
                .forEach(object -> uids.put(
                        object.path("kind").asString() + " "
                                + object.at("/metadata/name").asString(),
                        object.at("/metadata/uid").asString()));
        return uids;
    }

    private String instance() {
        return """
                apiVersion: akri.sh/v0
                kind: Instance
                metadata:
                  name: akri-udev-dd6596
                  namespace: akri
                  finalizers: [node1]
                  ownerReferences: [{apiVersion: akri.sh/v0, kind: Configuration, name: akri-udev, uid: %s, controller: true}]
                spec:
                  configurationName: akri-udev
                  cdiName: akri.sh/akri-udev=dd6596
                  capacity: 1
                  nodes: [node1]
                  brokerProperties: {UDEV_DEVNODE: /dev/null}
                  deviceUsage: {akri-udev-dd6596-0: node1}
                """.formatted(uid("configurations.akri.sh", "akri-udev"));
    }

    private String broker() {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: akri-udev-dd6596-pod
                  namespace: akri
                  labels: {controller: akri.sh, akri.sh/instance: akri-udev-dd6596, akri.sh/configuration: akri-udev}
                  ownerReferences:
                  - {apiVersion: akri.sh/v0, kind: Instance, name: akri-udev-dd6596, uid: %s, controller: true, blockOwnerDeletion: true}
                spec: {containers: [{name: broker, image: nginx}]}
                """.formatted(uid("instances.akri.sh", "akri-udev-dd6596"));
    }

    private String uid(String resource, String name) {
        return kubectl.json("get", resource, name, "-n", "akri")
                .at("/metadata/uid")
                .asString();
    }

    /// One object of each kind that Akri's chart makes; a Configuration is one of them.
    private static final String AKRI = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: akri-agent-role}
            rules: [{apiGroups: [akri.sh], resources: [instances], verbs: [get]}]
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: akri-agent-daemonset}
            spec:
              selector: {matchLabels: {name: akri-agent}}
              template: {metadata: {labels: {name: akri-agent}}, spec: {containers: [{name: agent, image: agent}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: akri-controller-deployment}
            spec:
              replicas: 0
              selector: {matchLabels: {name: akri-controller}}
              template: {metadata: {labels: {name: akri-controller}}, spec: {containers: [{name: controller, image: controller}]}}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: akri-webhook-configuration}
            webhooks:
            - name: akri-webhook-configuration.akri.svc
              failurePolicy: Ignore
              sideEffects: None
              admissionReviewVersions: [v1]
              clientConfig: {service: {name: akri-webhook-configuration, namespace: akri, port: 443, path: /validate}}
              rules: [{operations: [CREATE, UPDATE], apiGroups: [akri.sh], apiVersions: [v0], resources: [configurations]}]
            ---
            apiVersion: akri.sh/v0
            kind: Configuration
            metadata:
              name: akri-udev
            spec:
              discoveryHandler:
                name: udev
                discoveryDetails: |+
                  udevRules:
                  - 'KERNEL=="null"'
              capacity: 1
            """;
}
