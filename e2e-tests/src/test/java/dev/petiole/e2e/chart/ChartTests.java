package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.petiole.e2e.chart.RenderedChart.Manifest;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.helm.HelmChart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartTests {

    private static final String REGISTRY = "petiole-registry-service";
    private static final String DISCOVERY = "petiole-discovery-service";
    private static final String SCHEDULER = "petiole-broker-scheduler";

    private final RenderedChart defaults = RenderedChart.of(Map.of());

    @Test
    void passesTheStrictLint() {
        assertThat(new HelmChart(RenderedChart.DIRECTORY).lint()).isEmpty();
    }

    @Test
    void consistsOfOneWorkloadPerService() {
        assertThat(defaults.workloads())
                .extracting(Manifest::kind, Manifest::name)
                .containsExactlyInAnyOrder(
                        tuple("StatefulSet", REGISTRY), tuple("DaemonSet", DISCOVERY), tuple("Deployment", SCHEDULER));
    }

    @Test
    void bringsTheResourceDefinitions() throws IOException {
        try (Stream<Path> files = Files.list(RenderedChart.DIRECTORY.resolve("crds"))) {
            String all = String.join("\n", files.map(ChartTests::read).toList());
            assertThat(all)
                    .contains(
                            "name: configurations.petiole.dev",
                            "name: instances.petiole.dev",
                            "name: deviceconsumers.petiole.dev");
        }
    }

    /// The architecture's least privilege: what a container does not need it does not get.
    @Test
    void everyContainerDoesWithoutCapabilitiesEscalationAndAWritableRoot() {
        assertThat(defaults.workloads())
                .allSatisfy(workload -> assertThat(workload.text())
                        .contains("drop: [ALL]", "allowPrivilegeEscalation: false", "readOnlyRootFilesystem: true")
                        .contains("type: RuntimeDefault")
                        .doesNotContain("privileged: true", "hostPID", "hostIPC", "hostNetwork", "add:"));
    }

    @Test
    void onlyTheDiscoveryServiceRunsAsRoot() {
        assertThat(defaults.get("DaemonSet", DISCOVERY)).contains("runAsUser: 0");
        assertThat(List.of(defaults.get("StatefulSet", REGISTRY), defaults.get("Deployment", SCHEDULER)))
                .allSatisfy(
                        text -> assertThat(text).contains("runAsNonRoot: true", "runAsUser: 10001", "fsGroup: 10001"));
    }

    @Test
    void everyWorkloadBearsTheStandardLabelsItsComponentIncluded() {
        assertThat(defaults.workloads())
                .allSatisfy(workload -> assertThat(workload.text())
                        .contains("app.kubernetes.io/component: "
                                + workload.name().substring("petiole-".length()))
                        .contains(
                                "app.kubernetes.io/name: petiole",
                                "app.kubernetes.io/instance: petiole",
                                "app.kubernetes.io/version: ",
                                "app.kubernetes.io/part-of: petiole",
                                "app.kubernetes.io/managed-by: Helm",
                                "helm.sh/chart: petiole-"));
    }

    @Test
    void everyContainerIsProbedAndLimited() {
        assertThat(defaults.workloads())
                .allSatisfy(workload -> assertThat(workload.text())
                        .contains("startupProbe:", "livenessProbe:", "readinessProbe:", "port: management")
                        .containsPattern("limits:\n\\s+memory: ")
                        .containsPattern("requests:\n\\s+cpu: \\S+\n\\s+memory: "));
    }

    /// Its token for the registry is good for nothing else; the one for the Kubernetes API may do nothing that
    /// nobody granted.
    @Test
    void theDiscoveryServiceMayDoNothingAtTheKubernetesApi() {
        assertThat(defaults.get("DaemonSet", DISCOVERY))
                .contains("automountServiceAccountToken: false", "audience: petiole-registry");
        var chart = RenderedChart.of(Map.of("discovery.secrets.enabled", false, "dra.enabled", false));
        assertThat(chart.get("DaemonSet", DISCOVERY))
                .doesNotContain("kube-root-ca.crt", "PETIOLE_SECRETS_ENABLED", "plugins_registry", "/cdi");
        assertThat(chart.manifests())
                .filteredOn(manifest -> manifest.kind().endsWith("Binding"))
                .isNotEmpty()
                .allSatisfy(binding -> assertThat(binding.text()).doesNotContain("name: " + DISCOVERY));
    }

    @Test
    void tracesGoWhereTheyAreToldAndElseNowhere() {
        String endpoint = "http://collector.monitoring:4318/v1/traces";

        assertThat(defaults.get("StatefulSet", REGISTRY)).doesNotContain("OTLP");
        assertThat(RenderedChart.of(Map.of("registry.tracing.endpoint", endpoint))
                        .get("StatefulSet", REGISTRY))
                .containsPattern(
                        "name: MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT\n\\s+value: \"" + endpoint);
    }

    @Test
    void externalHandlersRegisterInTheDirectoryThatAkrisKnow() {
        assertThat(defaults.get("DaemonSet", DISCOVERY))
                .contains(
                        "hostPath: {path: \"/var/lib/akri\", type: DirectoryOrCreate}",
                        "- name: DISCOVERY_HANDLERS_DIRECTORY");
        assertThat(RenderedChart.of(Map.of("discovery.externalHandlers.enabled", false))
                        .get("DaemonSet", DISCOVERY))
                .doesNotContain("/var/lib/akri", "DISCOVERY_HANDLERS_DIRECTORY");
    }

    @Test
    void withClaimsOfDevicesItMayReadThemAndTellTheStatusOfThoseOnItsNode() {
        var chart = RenderedChart.of(Map.of("dra.enabled", true));

        assertThat(chart.get("DaemonSet", DISCOVERY))
                .contains(
                        "name: PETIOLE_DRA_ENABLED\n              value: \"true\"",
                        "hostPath: {path: \"/var/lib/kubelet/plugins_registry\", type: Directory}",
                        "hostPath: {path: \"/var/run/cdi\", type: DirectoryOrCreate}");
        assertThat(chart.get("ClusterRole", DISCOVERY))
                .contains("resources: [resourceclaims]\n    verbs: [get]\n")
                .contains("resources: [resourceclaims/status]\n    verbs: [patch]\n")
                .doesNotContain("list", "watch", "create", "delete");
        assertThat(chart.get("ValidatingAdmissionPolicy", DISCOVERY))
                .contains("authentication.kubernetes.io/node-name", "failurePolicy: Fail");
        assertThat(chart.get("ValidatingAdmissionPolicyBinding", DISCOVERY)).contains("validationActions: [Deny]");
        assertThat(chart.get("ClusterRole", SCHEDULER)).contains("resourceslices");
    }

    @Test
    void theRegistryIsToldWhoseTokensToTrust() {
        assertThat(defaults.get("StatefulSet", REGISTRY))
                .contains(
                        "value: system:serviceaccount:petiole-system:" + DISCOVERY,
                        "value: system:serviceaccount:petiole-system:" + SCHEDULER);
    }

    @Test
    void theSchedulerMayNotReadSecretsNorWritePeoplesConfigurations() {
        String role = defaults.get("ClusterRole", SCHEDULER);

        assertThat(role).doesNotContain("secrets", "'*'", "\"*\"", "pods/exec", "pods/log");
        // Roles can't tell those that it writes, which mirror what was made over REST, from those of people.
        assertThat(defaults.get("ValidatingAdmissionPolicy", "petiole-scheduler"))
                .contains("system:serviceaccount:petiole-system:" + SCHEDULER);
    }

    @Test
    void akrisApiIsServedOnlyWhereItIsAskedFor() {
        assertThat(defaults.manifests()).extracting(Manifest::kind).doesNotContain("CustomResourceDefinition");
        assertThat(defaults.get("Deployment", SCHEDULER))
                .contains("name: PETIOLE_AKRI_ENABLED\n              value: \"false\"");

        var akri = RenderedChart.of(Map.of("akri.enabled", true, "akri.definitions", "Install"));
        assertThat(akri.get("CustomResourceDefinition", "configurations.akri.sh"))
                .contains("shortNames: [akric]", "name: v0", "helm.sh/resource-policy: keep");
        assertThat(akri.get("CustomResourceDefinition", "instances.akri.sh"))
                .contains("shortNames: [akrii]", "required: [configurationName, cdiName, capacity]");
        assertThat(akri.get("Deployment", SCHEDULER))
                .contains("name: PETIOLE_AKRI_ENABLED\n              value: \"true\"");
    }

    @Test
    void aClaimedVolumeKeepsTheRegistrysDataByDefault() {
        assertThat(defaults.get("StatefulSet", REGISTRY))
                .contains("volumeClaimTemplates:", "storage: 1Gi", "whenDeleted: Retain")
                .doesNotContain("hostPath:");
    }

    @Test
    void aDirectoryPinsTheRegistryToItsNodeAndNeedsRoot() {
        var chart = RenderedChart.of(Map.of("registry.storage.type", "hostPath", "registry.storage.node", "node-7"));

        assertThat(chart.get("StatefulSet", REGISTRY))
                .contains("path: /var/lib/petiole-registry", "key: metadata.name", "values: [\"node-7\"]")
                .contains("runAsUser: 0", "drop: [ALL]")
                .contains("petiole.dev/storage-node: node-7")
                .doesNotContain("volumeClaimTemplates:", "fsGroup");
    }

    @Test
    void aPostgresqlTakesTheVolumesPlaceAndAllowsReplicas() {
        var chart = RenderedChart.of(Map.of(
                "registry.replicas",
                2,
                "registry.database.url",
                "jdbc:postgresql://db:5432/petiole",
                "registry.database.secretName",
                "petiole-db"));

        assertThat(chart.get("StatefulSet", REGISTRY))
                .contains("replicas: 2", "podManagementPolicy: Parallel", "podAntiAffinity:")
                .contains("value: \"jdbc:postgresql://db:5432/petiole\"")
                .contains("secretKeyRef: {name: petiole-db, key: password}")
                .doesNotContain("volumeClaimTemplates:", "hostPath:");
        assertThat(chart.get("PodDisruptionBudget", REGISTRY)).contains("maxUnavailable: 1");
    }

    @Test
    void replicasWithoutAPostgresqlAndAPostgresqlWithoutASecretAreRefusedWithTheRemedy() {
        assertThatThrownBy(() -> RenderedChart.notes(Map.of("registry.replicas", 2)))
                .hasMessageContaining("registry.replicas: 2");
        assertThatThrownBy(() -> RenderedChart.notes(Map.of("registry.database.url", "jdbc:postgresql://db/petiole")))
                .hasMessageContaining("registry.database.secretName: empty");
    }

    @Test
    void theNotesWarnOfDataThatHangOnOneNode() {
        assertThat(RenderedChart.notes(Map.of("registry.storage.type", "hostPath", "registry.storage.node", "node-7")))
                .contains("WARNING", "node-7", "/var/lib/petiole-registry");
        assertThat(RenderedChart.notes(Map.of())).doesNotContain("WARNING").contains("swagger-ui.html");
    }

    @Test
    void aDirectoryOnAnUnknownNodeIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> RenderedChart.notes(Map.of("registry.storage.type", "hostPath")))
                .hasMessageContaining("registry.storage.node: empty");
    }

    @Test
    void hostNetworkStillResolvesClusterNames() {
        var chart = RenderedChart.of(Map.of("discovery.hostNetwork", true, "discovery.port", 18081));

        assertThat(chart.get("DaemonSet", DISCOVERY))
                .contains("hostNetwork: true", "dnsPolicy: ClusterFirstWithHostNet")
                .contains("containerPort: 18081", "value: \"18081\"");
    }

    @ParameterizedTest
    @CsvSource({
        "images.registryService,   StatefulSet, petiole-registry-service",
        "images.discoveryService,  DaemonSet,   petiole-discovery-service",
        "images.brokerScheduler,   Deployment,  petiole-broker-scheduler",
    })
    void anImageReferenceIsTakenAsItIs(String key, String kind, String name) {
        var chart = RenderedChart.of(Map.of(key, "registry.example/mirror/it@sha256:abc"));

        assertThat(chart.get(kind, name)).contains("image: registry.example/mirror/it@sha256:abc\n");
    }

    @Test
    void anImageWithoutAReferenceHasTheChartsVersion() {
        assertThat(defaults.get("Deployment", SCHEDULER)).contains("image: petiole/broker-scheduler:0.1.0\n");
    }

    @Test
    void rolesCanBeLeftToSomeoneElse() {
        var chart = RenderedChart.of(Map.of("rbac.create", false, "rbac.aggregate", false));

        assertThat(chart.manifests()).extracting(Manifest::kind).noneMatch(kind -> kind.contains("Role"));
        assertThat(chart.get("ServiceAccount", SCHEDULER)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.storage.typo=pvc",
                "registry.storage.type=nfs",
                "images.pullPolicy=Sometimes",
                "discovery.debugEcho.enabled=maybe",
                "discovery.host.udev=run/udev",
                "logging.level=LOUD",
                "scheduler.replicas=-1",
                "discvery.hostNetwork=true",
                "akri.enabled=perhaps",
                "akri.definitions=Always",
                "discovery.externalHandlers.socketMode=600",
                "dra.enabled=maybe",
            })
    void aValueThatMeansNothingIsRefused(String assignment) {
        String[] parts = assignment.split("=");

        assertThatThrownBy(() -> RenderedChart.of(Map.of(parts[0], parts[1]))).hasMessageContaining("schema");
    }

    /// Who comes from Akri brings values along.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            agent.full                                          | discovery.hostNetwork=true
            agent.host.discoveryHandlers                        | discovery.externalHandlers.directory
            agent.host.containerRuntimeSocket                   | nothing
            agent.resources.memoryLimit                         | discovery.resources
            agent.securityContext                               | discovery.*
            controller.allowOnControlPlane                      | scheduler.tolerations
            controller.image.tag                                | images.brokerScheduler
            crds.group                                          | akri.enabled=true
            custom.discovery.image.repository                   | a DaemonSet of your own
            debugEcho.configuration.shared                      | discovery.debugEcho.shared
            onvif.configuration.discoveryDetails.scopes.action  | the Configuration itself
            opcua.configuration.mountCertificates               | the Configuration itself
            prometheus.enabled                                  | /actuator/prometheus
            rbac.enabled                                        | rbac.create
            udev.configuration.capacity                         | the Configuration itself
            udev.discovery.enabled                              | nothing; built in
            udev.discovery.host.udev                            | discovery.host.udev
            useLatestContainers                                 | images.*
            webhookConfiguration.enabled                        | admission.policies
            """)
    void aValueOfAkrisChartIsToldWhatToSetInstead(String key, String instead) {
        assertThatThrownBy(() -> RenderedChart.of(Map.of(key, "x")))
                .hasMessageContaining(key + ": a value of Akri's chart (here: ")
                .hasMessageContaining(instead)
                .hasMessageContaining("docs/migrating-from-akri.md");
    }

    @Test
    void allValuesOfAkrisChartAreToldAtOnce() {
        assertThatThrownBy(() -> RenderedChart.of(Map.of("agent.full", true, "udev.discovery.enabled", true)))
                .hasMessageContaining("agent.full: ")
                .hasMessageContaining("udev.discovery.enabled: ");
    }

    @Test
    void theGuideTellsWhatBecomesOfAkrisValues() {
        String guide = read(Repository.find().path("docs", "migrating-from-akri.md"));
        List<String> lines = read(RenderedChart.DIRECTORY.resolve("files/akri-values.yaml"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertThat(lines).hasSizeGreaterThan(30).allSatisfy(line -> {
            int colon = line.indexOf(": ");
            assertThat(guide).contains("| `" + line.substring(0, colon) + "` | " + line.substring(colon + 2) + " |");
        });
    }

    @Test
    void theReadmeTellsEveryValue() {
        String readme = read(RenderedChart.DIRECTORY.resolve("README.md"));

        assertThat(valueKeys())
                .hasSizeGreaterThan(30)
                .allSatisfy(key -> assertThat(readme).contains("| `" + key + "` |"));
    }

    /// The dotted keys of values.yaml that have a value of their own; resources count as one.
    private static List<String> valueKeys() {
        Pattern line = Pattern.compile("(?<indent> *)(?<key>\\w+):(?<value>.*)");
        var keys = new ArrayList<String>();
        var path = new ArrayList<String>();
        for (String text :
                read(RenderedChart.DIRECTORY.resolve("values.yaml")).lines().toList()) {
            Matcher matcher = line.matcher(text);
            if (!matcher.matches()) {
                continue;
            }
            int depth = matcher.group("indent").length() / 2;
            path.subList(depth, path.size()).clear();
            path.add(matcher.group("key"));
            boolean isInsideResources =
                    path.contains("resources") && !path.getLast().equals("resources");
            boolean hasValue =
                    !matcher.group("value").isBlank() || path.getLast().equals("resources");
            if (hasValue && !isInsideResources) {
                keys.add(String.join(".", path));
            }
        }
        return keys;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
