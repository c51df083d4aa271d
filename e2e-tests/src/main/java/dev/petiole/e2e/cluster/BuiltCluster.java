package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The cluster of `e2e-tests/cluster/cluster.sh`.
final class BuiltCluster implements Cluster {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Command script;
    private final Kubectl kubectl;
    private final List<String> nodes;
    private final Thread lastResort = new Thread(this::down, "cluster-down");
    private final boolean ours;

    private BuiltCluster(Command script, Kubectl kubectl, List<String> nodes, boolean ours) {
        this.script = script;
        this.kubectl = kubectl;
        this.nodes = nodes;
        this.ours = ours;
    }

    /// @param ours whether it ends with this JVM
    static BuiltCluster of(Command script, boolean ours) {
        Map<String, String> info = script.with("info")
                .run()
                .orThrow()
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        var kubectl = new Kubectl(Path.of(value(info, "kubectl")), Path.of(value(info, "kubeconfig")));
        var cluster =
                new BuiltCluster(script, kubectl, List.of(value(info, "nodes").split(",")), ours);
        if (ours) {
            // A run that is cut short must not leave a cluster behind.
            Runtime.getRuntime().addShutdownHook(cluster.lastResort);
        }
        return cluster;
    }

    private static String value(Map<String, String> info, String key) {
        String value = info.get(key);
        if (value == null) {
            throw new IllegalStateException("info: %s (expected: %s)".formatted(info, key));
        }
        return value;
    }

    @Override
    public String description() {
        return "Kubernetes with %d nodes, built from its Go modules, on this machine".formatted(nodes.size());
    }

    @Override
    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    @Override
    public Kubectl kubectl() {
        return kubectl;
    }

    @Override
    public List<String> nodes() {
        return nodes;
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        if (nodes.size() < 2) {
            all.remove(Capability.SEVERAL_NODES);
        }
        return all;
    }

    @Override
    public void load(List<Path> images) {
        List<String> words = new ArrayList<>(List.of("load"));
        images.forEach(image -> words.add(image.toString()));
        script.with(words.toArray(String[]::new)).withLimit(LIMIT).run().orThrow();
    }

    @Override
    public Result onNode(String node, String... command) {
        return script.with("on", node).with(command).run();
    }

    @Override
    public void stopNode(String node) {
        script.with("stop", node).run().orThrow();
    }

    @Override
    public void startNode(String node) {
        script.with("start", node).run().orThrow();
    }

    @Override
    public void close() {
        if (ours) {
            Runtime.getRuntime().removeShutdownHook(lastResort);
            down();
        }
    }

    private void down() {
        script.with("down").withLimit(LIMIT).run().orThrow();
    }
}
