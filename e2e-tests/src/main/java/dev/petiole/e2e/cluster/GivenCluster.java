package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Somebody else's cluster: it is used, and left as it is.
final class GivenCluster implements Cluster {

    private final Kubectl kubectl;

    GivenCluster(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    @Override
    public String description() {
        return "the one of " + kubeconfig();
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
        return nodes().size() > 1 ? EnumSet.of(Capability.SEVERAL_NODES) : EnumSet.noneOf(Capability.class);
    }

    /// Runs the caller's own command per image, since nobody else knows how images get into that cluster.
    @Override
    public void load(List<Path> images) {
        String template = Setting.find("load-command")
                .orElseThrow(() -> new IllegalStateException("images cannot be loaded into the given cluster"
                        + " (expected: -De2e.load-command='kind load image-archive {}', {} being the tar)"));
        for (Path image : images) {
            List<String> words = Arrays.stream(template.strip().split("\\s+"))
                    .map(word -> word.replace("{}", image.toString()))
                    .toList();
            Command.of(words).withLimit(Duration.ofMinutes(10)).run().orThrow();
        }
    }

    @Override
    public void close() {
        // Not ours.
    }
}
