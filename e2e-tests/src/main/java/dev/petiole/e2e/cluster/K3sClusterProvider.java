package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/// K3s in a container, where a Docker engine answers and has or gets the image.
final class K3sClusterProvider implements ClusterProvider {

    private static final String DEFAULT_IMAGE = "rancher/k3s:v1.34.4-k3s1";
    private static final String NAME_LABEL = "dev.petiole.cluster";

    @Override
    public ClusterSearch provide(ClusterRequest request) {
        if (!isDockerAvailable()) {
            return new ClusterSearch.None("no Docker engine answers");
        }
        Optional<Path> kubectl = Command.findExecutable("kubectl");
        if (kubectl.isEmpty()) {
            return new ClusterSearch.None("kubectl is missing: it speaks to K3s");
        }
        return start(request, kubectl.get());
    }

    private static ClusterSearch start(ClusterRequest request, Path kubectl) {
        String image = Setting.find("k3s.image").orElse(DEFAULT_IMAGE);
        var container = new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
        // Without Ryuk and with reuse (./quickstart sets both) a kept one outlives this JVM and is found again.
        container.withReuse(request.keep()).withLabels(Map.of(NAME_LABEL, request.name()));
        try {
            container.start();
            Path kubeconfig = writeKubeconfig(request.name(), container.getKubeConfigYaml());
            return new ClusterSearch.Found(
                    new K3sCluster(container, image, new Kubectl(kubectl, kubeconfig), request.keep()));
        } catch (ContainerLaunchException | IOException e) {
            container.stop();
            return new ClusterSearch.None("K3s does not start from the image %s: %s".formatted(image, rootMessage(e)));
        }
    }

    /// Removes kept containers of this name.
    static void remove(String name) {
        if (!isDockerAvailable()) {
            return;
        }
        var docker = DockerClientFactory.instance().client();
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(NAME_LABEL, name))
                .exec()
                .forEach(container -> docker.removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }

    private static boolean isDockerAvailable() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    private static Path writeKubeconfig(String name, String yaml) throws IOException {
        Path file = Cache.directory().resolve("clusters").resolve(name + "-k3s.kubeconfig");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, yaml);
        return file;
    }

    private static String rootMessage(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
