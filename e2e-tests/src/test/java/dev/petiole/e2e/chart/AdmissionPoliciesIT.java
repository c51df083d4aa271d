package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.junit.ApiServers;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The chart's admission policies, as a real API server enforces them. Invariant 8.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionPoliciesIT {

    private static final String SCHEDULER = "system:serviceaccount:petiole-system:petiole-broker-scheduler";
    private static final String JANE = "jane";
    private static final String CONTAINERS = "containers: [{name: b, image: b}]";

    private ApiServerProcess apiServer;
    private Kubectl kubectl;

    /// Jane may edit Configurations in `shop`, and by herself create nothing there but Pods; in `lab` everything.
    @BeforeAll
    void start() {
        apiServer = ApiServers.start(AdmissionPoliciesIT.class);
        kubectl = apiServer.kubectl();
        kubectl.output("apply", "-f", RenderedChart.DIRECTORY.resolve("crds").toString());
        RenderedChart.of(Map.of("akri.enabled", true, "akri.definitions", "Install")).manifests().stream()
                .filter(manifest -> manifest.kind().startsWith("ValidatingAdmissionPolicy")
                        || manifest.kind().equals("CustomResourceDefinition"))
                .forEach(manifest -> kubectl.apply(manifest.text()).orThrow());
        kubectl.output("create", "namespace", "shop");
        kubectl.output("create", "namespace", "lab");
        kubectl.output(
                "create",
                "role",
                "editor",
                "-n",
                "shop",
                "--verb=*",
                "--resource=configurations.petiole.dev,configurations.akri.sh");
        kubectl.output("create", "role", "pods", "-n", "shop", "--verb=create", "--resource=pods");
        kubectl.output(
                "create", "role", "own", "-n", "shop", "--verb=get", "--resource=secrets", "--resource-name=own");
        for (String role : new String[] {"editor", "pods", "own"}) {
            kubectl.output("create", "rolebinding", role, "-n", "shop", "--role=" + role, "--user=" + JANE);
        }
        kubectl.output("create", "clusterrole", "petiole", "--verb=*", "--resource=configurations.petiole.dev");
        kubectl.output("create", "rolebinding", "lab", "-n", "lab", "--clusterrole=admin", "--user=" + JANE);
        kubectl.output("create", "rolebinding", "lab2", "-n", "lab", "--clusterrole=petiole", "--user=" + JANE);
        kubectl.output("create", "clusterrolebinding", "scheduler", "--clusterrole=petiole", "--user=" + SCHEDULER);
        for (String namespace : new String[] {"petiole-system", "office", "yard"}) {
            kubectl.output("create", "namespace", namespace);
        }
        for (String namespace : new String[] {"shop", "office", "yard"}) {
            // Where there is a controller for it, that may be faster.
            kubectl.run("create", "serviceaccount", "default", "-n", namespace);
        }
        publishConsumers();
        // Policies take effect a moment after they are there.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !as(JANE, configuration("shop", "probe", "brokerSpec: {brokerJobSpec: " + job() + "}"))
                        .isSuccess());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !kubectl.apply(
                                pod("yard", "containers: [%s]".formatted(container("probe", "shop.petiole.dev/cams"))))
                        .isSuccess());
    }

    @AfterAll
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            pods          | brokerPodSpec: {CONTAINERS}
            jobs          | brokerJobSpec: {template: {spec: {restartPolicy: Never, CONTAINERS}}}
            cronjobs      | brokerCronJobSpec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {CONTAINERS}}}}}
            deployments   | brokerDeploymentSpec: {template: {spec: {CONTAINERS}}}
            statefulsets  | brokerStatefulSetSpec: {template: {spec: {CONTAINERS}}}
            daemonsets    | brokerDaemonSetSpec: {template: {spec: {CONTAINERS}}}
            deployments   | brokerPool: {devicesPerBroker: 2, podSpec: {CONTAINERS}}
            configmaps    | brokerTemplate: {group: "", version: v1, resource: configmaps, object: {data: {}}}
            """)
    void whoMayNotMakeItDoesNotGetItMade(String resource, String broker) {
        String spec = "brokerSpec: {" + broker.replace("CONTAINERS", CONTAINERS) + "}";

        Result inShop = as(JANE, configuration("shop", "a", spec));
        Result inLab = as(JANE, configuration("lab", "a", spec));

        boolean mayInShop = resource.equals("pods");
        assertThat(inShop.isSuccess()).as(inShop.error()).isEqualTo(mayInShop);
        if (!mayInShop) {
            assertThat(inShop.error())
                    .contains("jane may not create " + resource)
                    .contains("namespace shop")
                    .contains("remedy");
        }
        assertThat(inLab.isSuccess()).as(inLab.error()).isTrue();
        kubectl.run("delete", "configurations.petiole.dev", "-n", "shop", "--all");
        kubectl.run("delete", "configurations.petiole.dev", "-n", "lab", "--all");
    }

    @Test
    void servicesAreAskedForToo() {
        Result refused = as(JANE, configuration("shop", "a", "instanceServiceSpec: {ports: [{port: 80}]}"));

        assertThat(refused.error()).contains("may not create services").contains("spec.instanceServiceSpec");
    }

    @Test
    void claimsForBrokersAreAskedForToo() {
        String pods = "exposure: ResourceClaim, brokerSpec: {brokerPodSpec: {" + CONTAINERS + "}}";
        String none = "exposure: ResourceClaim";

        assertThat(as(JANE, configuration("shop", "a", pods)).error())
                .contains("spec.exposure")
                .contains("jane may not create resourceclaimtemplates in the namespace shop")
                .contains("remedy");
        for (String yaml : new String[] {configuration("lab", "a", pods), configuration("shop", "a", none)}) {
            Result applied = as(JANE, yaml);
            assertThat(applied.isSuccess()).as(applied.error()).isTrue();
        }
        kubectl.run("delete", "configurations.petiole.dev", "-n", "shop", "--all");
        kubectl.run("delete", "configurations.petiole.dev", "-n", "lab", "--all");
    }

    @Test
    void onlyReferencesThatItsAuthorMayReadAreRead() {
        assertThat(as(JANE, withSecrets("own")).isSuccess()).isTrue();

        assertThat(as(JANE, withSecrets("own", "others")).error())
                .contains("jane may not get secrets/shop/others")
                .contains("remedy");
        kubectl.run("delete", "configurations.petiole.dev", "-n", "shop", "--all");
    }

    /// Akri looks for what names no namespace in `default`, not where the Configuration is.
    @Test
    void anAkriReferenceWithoutANamespaceIsOneToTheNamespaceDefault() {
        String akri = withSecrets("own").replace("petiole.dev/v1alpha1", "akri.sh/v0");

        assertThat(as(JANE, akri).error()).contains("jane may not get secrets/default/own");
        assertThat(as(JANE, akri.replace("{name: own, key", "{name: own, namespace: shop, key"))
                        .isSuccess())
                .isTrue();
        kubectl.run("delete", "configurations.akri.sh", "-n", "shop", "--all");
    }

    @Test
    void referencesHaveABound() {
        String[] all = new String[17];
        Arrays.fill(all, "own");

        assertThat(as(JANE, withSecrets(all)).error()).contains("at most 16");
        assertThat(as(JANE, withSecrets(Arrays.copyOf(all, 16))).isSuccess()).isTrue();
        kubectl.run("delete", "configurations.petiole.dev", "-n", "shop", "--all");
    }

    /// What others were allowed stays allowed to be labelled.
    @Test
    void anEditThatLeavesTheSpecIsNotAskedAbout() {
        kubectl.apply(configuration("shop", "job", "brokerSpec: {brokerJobSpec: " + job() + "}"))
                .orThrow();

        Result labelled =
                kubectl.run("label", "configurations.petiole.dev", "job", "-n", "shop", "a=b", "--as=" + JANE);

        assertThat(labelled.isSuccess()).as(labelled.error()).isTrue();
        kubectl.run("delete", "configurations.petiole.dev", "-n", "shop", "--all");
    }

    /// What the broker-scheduler would write: shop's scales are for `office` too, its lamps for all, its cams for
    /// nobody.
    private void publishConsumers() {
        kubectl.apply("""
                apiVersion: petiole.dev/v1alpha1
                kind: DeviceConsumers
                metadata: {name: petiole-consumers, namespace: petiole-system}
                spec: {grants: {shop.scales: [office], shop.lamps: ["*"], shop.cams: [], shop.scales-abcdefghij: []}}
                """).orThrow();
    }

    @ParameterizedTest(name = "a Pod of {0} may ask for {1}: {2}")
    @CsvSource(textBlock = """
            shop,   shop.petiole.dev/scales,                       true
            shop,   shop.petiole.dev/cams-umu3s6fruz,              true
            office, shop.petiole.dev/scales,                       true
            office, shop.petiole.dev/scales-umu3s6fruz,            true
            office, shop.petiole.dev/lamps-umu3s6fruz,             true
            office, shop.petiole.dev/scales-abcdefghij,            false
            office, shop.petiole.dev/cams,                         false
            office, shop.petiole.dev/cams-umu3s6fruz,              false
            office, shop.petiole.dev/ab,                           false
            office, office.petiole.dev/anything,                   true
            office, akri.sh/akri-onvif-c0ffee,                     true
            office, nvidia.com/gpu,                                true
            yard,   shop.petiole.dev/scales,                       false
            yard,   shop.petiole.dev/scales-umu3s6fruz,            false
            yard,   shop.petiole.dev/lamps,                        true
            """)
    void aDeviceIsForItsOwnNamespaceAndForItsConsumers(String namespace, String resource, boolean isAllowed) {
        Result inContainer = kubectl.apply(pod(namespace, "containers: [%s]".formatted(container("a", resource))));
        Result inSidecar = kubectl.apply(pod(
                namespace,
                "containers: [{name: a, image: b}], initContainers: [%s]"
                        .formatted(container("s", resource).replace("{name: s", "{restartPolicy: Always, name: s"))));

        for (Result result : List.of(inContainer, inSidecar)) {
            assertThat(result.isSuccess()).as(result.error()).isEqualTo(isAllowed);
            if (!isAllowed) {
                assertThat(result.error())
                        .contains("Pods of namespace " + namespace + " may not ask for devices of another namespace")
                        .contains("shop." + resource.substring(resource.indexOf('/') + 1))
                        .contains("remedy: name " + namespace + " in spec.consumers.namespaces");
            }
        }
        kubectl.run("delete", "pods", "-n", namespace, "--all", "--force", "--grace-period=0");
    }

    @Test
    void aPodIsToldOfEachDeviceThatItMayNotHave() {
        Result refused = kubectl.apply(pod(
                "yard",
                "containers: [%s, %s, %s]"
                        .formatted(
                                container("a", "shop.petiole.dev/cams"),
                                container("b", "shop.petiole.dev/lamps"),
                                container("c", "shop.petiole.dev/scales"))));

        assertThat(refused.error()).contains("another namespace: shop.cams, shop.scales (");
    }

    @ParameterizedTest(name = "a claim of {0} may ask for {1}: {2}")
    @CsvSource(textBlock = """
            shop,   shop.cams,      true
            office, shop.scales,    true
            office, shop.cams,      false
            yard,   shop.scales,    false
            yard,   shop.lamps,     true
            yard,   gpu.example,    true
            yard,   gpu,            true
            """)
    void aDeviceIsClaimedByItsOwnNamespaceAndByItsConsumers(String namespace, String deviceClass, boolean isAllowed) {
        String exactly = "{devices: {requests: [{name: a, exactly: {deviceClassName: %s}}]}}".formatted(deviceClass);
        String either =
                "{devices: {requests: [{name: a, firstAvailable: [{name: first, deviceClassName: gpu}, {name: second, deviceClassName: %s}]}]}}"
                        .formatted(deviceClass);

        for (String spec : List.of(exactly, either)) {
            for (String kind : List.of("ResourceClaim", "ResourceClaimTemplate")) {
                Result result = kubectl.apply(
                        """
                        apiVersion: resource.k8s.io/v1
                        kind: %s
                        metadata: {name: a, namespace: %s}
                        spec: %s
                        """.formatted(kind, namespace, kind.equals("ResourceClaim") ? spec : "{spec: " + spec + "}"));
                assertThat(result.isSuccess()).as(result.error()).isEqualTo(isAllowed);
                if (!isAllowed) {
                    assertThat(result.error())
                            .contains("claims of namespace " + namespace
                                    + " may not ask for devices of another namespace")
                            .contains(deviceClass);
                }
                kubectl.run("delete", kind, "a", "-n", namespace);
            }
        }
    }

    private static String container(String name, String resource) {
        return "{name: %s, image: b, resources: {limits: {%s: 1}}}".formatted(name, resource);
    }

    private static String pod(String namespace, String spec) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: p%d, namespace: %s}
                spec: {automountServiceAccountToken: false, %s}
                """.formatted(Math.floorMod(spec.hashCode(), 1_000_000), namespace, spec);
    }

    @Test
    void aMirrorIsWrittenByTheSchedulerAlone() {
        kubectl.output("create", "namespace", "plant");
        kubectl.output("create", "rolebinding", "edit", "-n", "plant", "--clusterrole=petiole", "--user=" + JANE);
        String mirror = configuration("plant", "mirror", "capacity: 2")
                .replace("namespace: plant", "namespace: plant, labels: {petiole.dev/managed-by: registry}");

        assertThat(as(JANE, mirror).error())
                .contains("managed by Petiole's registry")
                .contains("REST");
        assertThat(as(SCHEDULER, mirror).isSuccess()).isTrue();
        assertThat(as(SCHEDULER, configuration("plant", "other", "capacity: 2")).error())
                .contains("only Configurations that are managed by the registry");
        for (String user : new String[] {JANE, "kubernetes-admin"}) {
            Result edit = kubectl.run(
                    "patch",
                    "configurations.petiole.dev",
                    "mirror",
                    "-n",
                    "plant",
                    "--type=merge",
                    "-p",
                    "{\"spec\":{\"capacity\":9}}",
                    "--as=" + user,
                    "--as-group=system:masters");
            assertThat(edit.error()).contains("managed by Petiole's registry");
            Result delete =
                    kubectl.run("delete", "configurations.petiole.dev", "mirror", "-n", "plant", "--as=" + user);
            assertThat(delete.isSuccess()).isFalse();
        }
        // The cluster's own controllers still clean up.
        kubectl.output("delete", "namespace", "plant", "--wait=true", "--timeout=60s");
    }

    private Result as(String user, String yaml) {
        return Command.of(kubectl.commandLine("apply", "--as=" + user, "-f", "-"))
                .withInput(yaml)
                .run();
    }

    private static String withSecrets(String... secrets) {
        var properties = new StringBuilder();
        for (int i = 0; i < secrets.length; i++) {
            properties.append("{name: p%d, valueFrom: {secretKeyRef: {name: %s, key: k}}}, ".formatted(i, secrets[i]));
        }
        return configuration("shop", "secret", "capacity: 1")
                .replace("{name: opcua}", "{name: opcua, discoveryProperties: [" + properties + "]}");
    }

    private static String job() {
        return "{template: {spec: {restartPolicy: Never, " + CONTAINERS + "}}}";
    }

    private static String configuration(String namespace, String name, String spec) {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec: {discoveryHandler: {name: opcua}, %s}
                """.formatted(name, namespace, spec);
    }
}
