package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import java.io.PrintStream;
import java.time.Duration;

/// A Kubernetes of several nodes, built from its Go modules and run in this machine's namespaces.
final class BuiltClusterProvider implements ClusterProvider {

    private final PrintStream out;

    BuiltClusterProvider(PrintStream out) {
        this.out = out;
    }

    @Override
    public ClusterSearch provide(ClusterRequest request) {
        Command script = script(request.name());
        String missing = script.with("check").run().orThrow().strip();
        if (!missing.isEmpty()) {
            return new ClusterSearch.None("none can be built: " + missing.replace("\n", ", "));
        }
        boolean wasThere = script.with("info").run().isSuccess();
        script.with("up", Integer.toString(request.nodes()))
                // From empty caches it builds Kubernetes.
                .withLimit(Duration.ofMinutes(45))
                .reportingTo(out::println)
                .run()
                .orThrow();
        return new ClusterSearch.Found(BuiltCluster.of(script, !wasThere && !request.keep()));
    }

    static Command script(String name) {
        return Command.of(Repository.find().clusterScript().toString(), "--name", name);
    }
}
