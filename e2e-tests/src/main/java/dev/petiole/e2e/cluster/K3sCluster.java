package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.MountableFile;

/// K3s in one container.
final class K3sCluster implements Cluster {

    private final K3sContainer container;
    private final String image;
    private final Kubectl kubectl;
    private final boolean keep;

    K3sCluster(K3sContainer container, String image, Kubectl kubectl, boolean keep) {
        this.container = container;
        this.image = image;
        this.kubectl = kubectl;
        this.keep = keep;
    }

    @Override
    public String description() {
        return "K3s in Docker, image " + image;
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
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.NODE_COMMANDS);
    }

    @Override
    public void load(List<Path> images) {
        for (Path tar : images) {
            String inside = "/tmp/" + tar.getFileName();
            container.copyFileToContainer(MountableFile.forHostPath(tar), inside);
            execute("ctr", "-n", "k8s.io", "images", "import", inside).orThrow();
            execute("rm", inside);
        }
    }

    @Override
    public Result onNode(String node, String... command) {
        return execute(command);
    }

    @Override
    public void close() {
        if (!keep) {
            container.stop();
        }
    }

    private Result execute(String... command) {
        try {
            ExecResult result = container.execInContainer(command);
            return new Result(List.of(command), result.getExitCode(), result.getStdout(), result.getStderr());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
