package dev.petiole.scheduler.testing;

import dev.petiole.scheduler.kubernetes.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// The real API server that all tests of this JVM share: the one that the system property `petiole.it.kubeconfig`
/// names, or one without nodes that is started for them. There [FakeNodes] take the place of kubelets.
public final class TestCluster {

    private static final Path SCRIPT = Path.of("../e2e-tests/cluster/api-server.sh");
    private static final Path DIRECTORY = Path.of("target/api-server");
    private static final Path CRDS = Path.of("../charts/petiole/crds");
    private static final Path AKRI_CRDS = Path.of("../charts/petiole/files/akri");
    private static final Object LOCK = new Object();
    private static @Nullable TestCluster shared;

    private final Path kubeconfig;
    private final Kubectl kubectl;
    private final @Nullable FakeNodes fakeNodes;

    private TestCluster(Path kubeconfig, boolean isOwn) throws IOException {
        this.kubeconfig = kubeconfig;
        this.kubectl = new Kubectl(kubeconfig);
        this.fakeNodes = isOwn ? new FakeNodes(kubectl) : null;
    }

    public static TestCluster get() {
        synchronized (LOCK) {
            if (shared == null) {
                try {
                    Path given = given();
                    shared = new TestCluster(given == null ? start() : given, given == null);
                    shared.applyDefinitions();
                    if (shared.fakeNodes != null) {
                        shared.fakeNodes.start(List.of("node1", "node2", "node3"));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return shared;
        }
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    public Kubectl kubectl() {
        return kubectl;
    }

    /// @return the nodes that tests may change, kill and make; only an API server of our own has them
    public @Nullable FakeNodes fakeNodes() {
        return fakeNodes;
    }

    public List<String> nodes() {
        return kubectl.list("/api/v1/nodes").stream()
                .map(node -> Json.text(node, "metadata", "name"))
                .sorted()
                .toList();
    }

    /// Makes the namespace and waits until Pods can be made in it.
    public void makeNamespace(String name) {
        String path = "/api/v1/namespaces/" + name;
        kubectl.apply(path, "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name));
        Awaitility.await()
                .until(() -> kubectl.get(path + "/serviceaccounts/default").status() == 200);
    }

    private void applyDefinitions() throws IOException {
        applyDefinitions(CRDS, "petiole.dev", "v1alpha1", List.of("configurations", "instances", "deviceconsumers"));
        applyDefinitions(AKRI_CRDS, "akri.sh", "v0", List.of("configurations", "instances"));
    }

    private void applyDefinitions(Path directory, String group, String version, List<String> resources)
            throws IOException {
        for (String resource : resources) {
            String name = resource + "." + group;
            Kubectl.Answer answer = kubectl.apply(
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + name,
                    Files.readString(directory.resolve(name + ".yaml")));
            if (answer.status() >= 300) {
                throw new IllegalStateException(name + ": " + answer.message());
            }
            Awaitility.await()
                    .until(() -> kubectl.get("/apis/" + group + "/" + version + "/" + resource)
                            .body()
                            .has("items"));
        }
    }

    private static @Nullable Path given() {
        String kubeconfig = System.getProperty("petiole.it.kubeconfig", "");
        return kubeconfig.isEmpty() ? null : Path.of(kubeconfig);
    }

    /// It ends when its standard input does, with this JVM at the latest.
    private static Path start() throws IOException {
        Files.createDirectories(DIRECTORY);
        Process process = new ProcessBuilder(SCRIPT.toString(), DIRECTORY.toString())
                .redirectError(DIRECTORY.resolve("script.log").toFile())
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null || !line.startsWith("kubeconfig=")) {
            throw new IOException("no API server: " + Files.readString(DIRECTORY.resolve("script.log")));
        }
        return Path.of(line.substring("kubeconfig=".length(), line.indexOf(' ')));
    }
}
