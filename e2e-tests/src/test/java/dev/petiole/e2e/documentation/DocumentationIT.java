package dev.petiole.e2e.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.chart.RenderedChart;
import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.junit.ApiServers;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every block of YAML on a page is taken by a real API server that has Petiole's definitions and policies, or by the
/// chart; and the chart knows the values in every command.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentationIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern HERE_DOCUMENT = Pattern.compile("(?ms)<<'?EOF'?$\\n(.*?)^EOF$");
    private static final Pattern HELM = Pattern.compile("helm (?:install|upgrade|template) \\S+ charts/petiole.*");
    private static final Pattern SET = Pattern.compile("--set(?:-string)?[ =](\\S+)");

    private final List<Block> blocks = Block.all();
    private ApiServerProcess apiServer;
    private Kubectl kubectl;
    private Set<String> fields;

    @BeforeAll
    void start() {
        apiServer = ApiServers.start(DocumentationIT.class);
        kubectl = apiServer.kubectl();
        kubectl.apply(RenderedChart.DIRECTORY.resolve("crds"));
        RenderedChart.of(Map.of("akri.enabled", true, "akri.definitions", "Install")).manifests().stream()
                .filter(manifest -> manifest.kind().startsWith("ValidatingAdmissionPolicy")
                        || manifest.kind().equals("CustomResourceDefinition"))
                .forEach(manifest -> kubectl.apply(manifest.text()).orThrow());
        kubectl.output("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        fields = new TreeSet<>(definition("configurations.petiole.dev").propertyNames());
        var namespaces = new TreeSet<>(List.of("default"));
        yamls().map(Yaml::text)
                .flatMap(text -> Example.namespaces(Example.of(text, fields)))
                .forEach(namespaces::add);
        for (String namespace : namespaces) {
            kubectl.run("create", "namespace", namespace);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> kubectl.run("get", "serviceaccount", "default", "-n", namespace)
                            .isSuccess());
        }
        awaitPolicies();
    }

    /// Policies take effect a moment after they are there.
    private void awaitPolicies() {
        String mirror = """
                {"apiVersion": "petiole.dev/v1alpha1", "kind": "Configuration",
                 "metadata": {"name": "mirror", "labels": {"petiole.dev/managed-by": "registry"}},
                 "spec": {"discoveryHandler": {"name": "opcua"}}}
                """;
        await().atMost(Duration.ofSeconds(60))
                .until(() -> dryRun(mirror).error().contains("managed by Petiole's registry"));
    }

    private JsonNode definition(String name) {
        return kubectl.json("get", "crd", name)
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
    }

    @AfterAll
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsShownIsTaken() {
        return yamls().map(yaml -> DynamicTest.dynamicTest(yaml.place(), () -> verify(yaml.text())));
    }

    @TestFactory
    Stream<DynamicTest> theChartKnowsWhatCommandsSet() {
        return blocks.stream()
                .filter(block -> block.language().equals("sh"))
                .flatMap(block -> commands(block.text())
                        .map(command -> DynamicTest.dynamicTest(
                                block.place() + " " + command,
                                () -> assertThat(RenderedChart.of(values(command))
                                                .manifests())
                                        .isNotEmpty())));
    }

    /// A test that reads nothing would pass as well.
    @Test
    void thePagesHaveExamplesAndCommands() {
        assertThat(yamls()).hasSizeGreaterThan(20);
        assertThat(blocks.stream()
                        .filter(block -> block.language().equals("sh"))
                        .flatMap(block -> commands(block.text())))
                .hasSizeGreaterThan(5);
    }

    @Test
    void aMistakeIsRefused() {
        assertThatThrownBy(() -> verify("discoveryHandler: {name: opcua, discoveryDetail: typo}"))
                .hasMessageContaining("discoveryDetail");
        assertThatThrownBy(() -> verify("registry: {acces: {}}")).hasMessageContaining("acces");
    }

    private void verify(String yaml) {
        switch (Example.of(yaml, fields)) {
            case Example.Objects(var objects) ->
                objects.forEach(object -> {
                    Result result = dryRun(JSON.writeValueAsString(object));
                    assertThat(result.error()).isEmpty();
                    assertThat(result.isSuccess()).isTrue();
                });
            case Example.Values(var text) ->
                assertThat(RenderedChart.ofFile(text).manifests()).isNotEmpty();
        }
    }

    private Result dryRun(String json) {
        return Command.of(kubectl.commandLine(
                        "apply", "--dry-run=server", "--validate=strict", "--namespace", namespace(json), "-f", "-"))
                .withInput(json)
                .run();
    }

    private static String namespace(String json) {
        return JSON.readTree(json).at("/metadata/namespace").asString("default");
    }

    private record Yaml(String place, String text) {}

    /// Blocks, and what commands feed to kubectl.
    private Stream<Yaml> yamls() {
        return blocks.stream().flatMap(block -> switch (block.language()) {
            case "yaml" -> Stream.of(new Yaml(block.place(), block.text()));
            case "sh" ->
                HERE_DOCUMENT.matcher(block.text()).results().map(found -> new Yaml(block.place(), found.group(1)));
            default -> Stream.empty();
        });
    }

    private static Stream<String> commands(String shell) {
        return shell.replaceAll("\\\\\\n\\s*", "")
                .lines()
                .flatMap(line ->
                        HELM.matcher(line).results().map(found -> found.group().replaceAll("\\s+[#|].*", "")));
    }

    private static Map<String, String> values(String command) {
        var values = new TreeMap<String, String>();
        Matcher set = SET.matcher(command);
        while (set.find()) {
            for (String assignment : set.group(1).split(",")) {
                int equals = assignment.indexOf('=');
                values.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return values;
    }
}
