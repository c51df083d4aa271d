package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `kubectl` for one cluster.
public final class Kubectl {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path executable;
    private final Path kubeconfig;

    public Kubectl(Path executable, Path kubeconfig) {
        this.executable = executable;
        this.kubeconfig = kubeconfig;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    public Path executable() {
        return executable;
    }

    /// The command line of `kubectl` with these arguments, for processes that others start.
    public List<String> commandLine(String... arguments) {
        var words = new ArrayList<>(List.of(executable.toString(), "--kubeconfig", kubeconfig.toString()));
        words.addAll(Arrays.asList(arguments));
        return words;
    }

    /// Runs it to its end, whatever that is.
    public Result run(String... arguments) {
        return command(arguments).run();
    }

    public Result run(Duration limit, String... arguments) {
        return command(arguments).withLimit(limit).run();
    }

    /// Runs it and returns its output; throws if it fails.
    public String output(String... arguments) {
        return run(arguments).orThrow();
    }

    /// The object or list that `kubectl … -o json` prints.
    public JsonNode json(String... arguments) {
        var all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("-o", "json"));
        return JSON.readTree(output(all.toArray(String[]::new)));
    }

    /// The `items` of a list. A kind that the cluster does not know has none.
    public List<JsonNode> list(String... arguments) {
        var all = new ArrayList<>(List.of("get"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("-o", "json"));
        Result result = run(all.toArray(String[]::new));
        if (result.error().contains("the server doesn't have a resource type")) {
            return List.of();
        }
        return JSON.readTree(result.orThrow()).path("items").valueStream().toList();
    }

    /// The names of a list's objects, sorted.
    public List<String> names(String... arguments) {
        return list(arguments).stream()
                .map(item -> item.path("metadata").path("name").asString())
                .sorted()
                .toList();
    }

    /// Applies a file or a directory of manifests.
    public void apply(Path manifests) {
        output("apply", "-f", manifests.toString());
    }

    /// Applies manifests given as text. The result is not judged: a test may want them refused.
    public Result apply(String yaml) {
        return command("apply", "-f", "-").withInput(yaml).run();
    }

    /// As [#apply(String)], with this namespace for the objects that name none.
    public Result apply(String namespace, String yaml) {
        return command("apply", "-n", namespace, "-f", "-").withInput(yaml).run();
    }

    /// Applies a manifest as a controller does that shares the object with others: under a name of its own.
    public Result applyAs(String manager, String yaml) {
        return command("apply", "--server-side", "--field-manager=" + manager, "-f", "-")
                .withInput(yaml)
                .run();
    }

    /// Deletes the objects of manifests given as text, present or not, and waits until they are gone.
    public void delete(String yaml) {
        command("delete", "--ignore-not-found", "--timeout=120s", "-f", "-")
                .withInput(yaml)
                .withLimit(Duration.ofMinutes(3))
                .run()
                .orThrow();
    }

    /// GETs a path of the API server, its proxy to Pods and Services included.
    public String raw(String path) {
        return output("get", "--raw", path);
    }

    /// GETs a path of a Service's port through the API server's proxy.
    public String service(String namespace, String name, String port, String path) {
        return raw("/api/v1/namespaces/%s/services/%s:%s/proxy%s".formatted(namespace, name, port, path));
    }

    /// GETs a path of a Pod's port through the API server's proxy.
    public String pod(String namespace, String name, int port, String path) {
        return raw("/api/v1/namespaces/%s/pods/%s:%d/proxy%s".formatted(namespace, name, port, path));
    }

    /// Opens a port of 127.0.0.1 to a Pod or Service (`svc/name`) for as long as it is not closed.
    public PortForward forward(String namespace, String target, int port) {
        return PortForward.open(this, namespace, target, port);
    }

    private Command command(String... arguments) {
        return Command.of(commandLine(arguments));
    }
}
