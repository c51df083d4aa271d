package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The cluster of a kubeconfig that the caller gave.
final class GivenClusterProvider implements ClusterProvider {

    @Override
    public ClusterSearch provide(ClusterRequest request) {
        Path kubeconfig = request.kubeconfig();
        if (kubeconfig == null) {
            return new ClusterSearch.None("no kubeconfig was given");
        }
        if (!Files.isReadable(kubeconfig)) {
            return new ClusterSearch.None("%s: cannot be read".formatted(kubeconfig));
        }
        Optional<Path> executable = Command.findExecutable("kubectl");
        if (executable.isEmpty()) {
            return new ClusterSearch.None("kubectl is missing: it speaks to the given cluster");
        }
        var kubectl = new Kubectl(executable.get(), kubeconfig);
        Result ready = kubectl.run("get", "--raw", "/readyz", "--request-timeout=10s");
        return ready.isSuccess()
                ? new ClusterSearch.Found(new GivenCluster(kubectl))
                : new ClusterSearch.None("the cluster of %s does not answer: %s"
                        .formatted(kubeconfig, ready.error().strip()));
    }
}
