package dev.petiole.e2e.quickstart;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.ClusterRequest;
import dev.petiole.e2e.cluster.ClusterSearch;
import dev.petiole.e2e.cluster.Clusters;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.Images;
import dev.petiole.e2e.image.PetioleImage;
import dev.petiole.e2e.installation.Diagnosis;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.installation.NotReady;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.CommandFailed;
import dev.petiole.e2e.quickstart.Options.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/// `./quickstart`: from nothing to a smart store whose scales are found, exposed and served, in one command.
/// Idempotent.
public final class Quickstart {

    private static final String CLUSTER = "quickstart";
    private static final String NAMESPACE = "petiole-system";

    private final Progress progress = new Progress(System.out, InstantSource.system());
    private final Memory memory = new Memory();
    private final RegistryDoor door = new RegistryDoor(memory.directory());
    private final Repository repository = Repository.find();

    private Quickstart() {}

    public static void main(String[] arguments) {
        int exitCode = 0;
        try {
            new Quickstart().run(Options.parse(arguments));
        } catch (IllegalArgumentException | IllegalStateException | CommandFailed | NotReady e) {
            System.err.println(e.getMessage());
            exitCode = 1;
        }
        // Helm's native library and Testcontainers leave threads behind.
        System.exit(exitCode);
    }

    private void run(Options options) {
        switch (options.action()) {
            case Action.Up() -> up(options.currentContext());
            case Action.Status() -> status();
            case Action.Plug(String scale) -> plug(scale);
            case Action.Unplug(String scale) -> unplug(scale);
            case Action.Down() -> down();
        }
    }

    private void up(boolean currentContext) {
        Cluster cluster = findCluster(currentContext);
        progress.say("building images");
        Map<PetioleImage, BuiltImage> images =
                new Images(repository).build(EnumSet.complementOf(EnumSet.of(PetioleImage.DISCOVERY_SERVICE_DEBUG)));
        images.values().forEach(image -> progress.say("  " + image.reference()));
        progress.say("loading images into the nodes");
        cluster.load(images.values().stream().map(BuiltImage::tar).toList());
        progress.say("installing charts/petiole into " + NAMESPACE);
        // Known from here on, so that `down` can clean up after a run that did not get to its end.
        memory.keep(new Memory.Run(cluster.kubectl(), currentContext, 0));
        Installation.install(
                cluster, NAMESPACE, images, Map.of("registry.access.admins[0]", ApiUser.subject(NAMESPACE)));
        ApiUser.create(cluster.kubectl(), NAMESPACE);
        progress.say("Petiole is ready; opening the smart store");
        var store = new SmartStore(cluster.kubectl());
        store.open(repository.path("samples", "smart-store"), images);
        store.scales().forEach(store::plug);
        awaitServed(store, cluster.kubectl());
        int port = door.open(cluster.kubectl(), NAMESPACE);
        memory.keep(new Memory.Run(cluster.kubectl(), currentContext, port));
        show(store, memory.find().orElseThrow());
    }

    private Cluster findCluster(boolean currentContext) {
        progress.say("looking for a cluster");
        ClusterSearch search = Clusters.find(
                new ClusterRequest(CLUSTER, 2, true, currentContext ? pinCurrentContext() : null), progress.out());
        return switch (search) {
            case ClusterSearch.Found(Cluster cluster) -> cluster;
            case ClusterSearch.None(String reason) -> throw new IllegalStateException("no cluster: " + reason);
        };
    }

    /// A kubeconfig of the current context alone, so that a later change of context does not change what we work on.
    private Path pinCurrentContext() {
        String kubectl = Command.findExecutable("kubectl")
                .orElseThrow(() -> new IllegalStateException("kubectl is missing: it knows the current context"))
                .toString();
        String content = Command.of(kubectl, "config", "view", "--raw", "--minify", "--flatten")
                .run()
                .orThrow();
        try {
            Files.createDirectories(memory.directory());
            return Files.writeString(memory.directory().resolve("kubeconfig"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitServed(SmartStore store, Kubectl kubectl) {
        try {
            new Watch(store, progress).awaitAllServed(Duration.ofMinutes(4));
        } catch (ConditionTimeoutException _) {
            throw new IllegalStateException("not every scale is served in time; the Configuration says:%n%s%n%s%s"
                    .formatted(
                            store.conditions(),
                            new Diagnosis(kubectl, SmartStore.NAMESPACE).describe(),
                            new Diagnosis(kubectl, NAMESPACE).describe()));
        }
    }

    private void status() {
        Memory.Run run = existing();
        show(new SmartStore(run.kubectl()), run);
    }

    private void unplug(String scale) {
        var store = new SmartStore(existing().kubectl());
        progress.say("unplugging " + scale + "; its Instance and broker go after the grace period of 10 s");
        store.unplug(scale);
        new Watch(store, progress).awaitGone(scale, Duration.ofMinutes(2));
        progress.out().print(Table.of(store.devices()).render());
    }

    private void plug(String scale) {
        var store = new SmartStore(existing().kubectl());
        progress.say("plugging " + scale + " in");
        store.plug(scale);
        new Watch(store, progress).awaitServed(scale, Duration.ofMinutes(2));
        progress.out().print(Table.of(store.devices()).render());
    }

    private void down() {
        door.close();
        memory.find().filter(Memory.Run::isCallers).ifPresent(this::leave);
        Clusters.remove(CLUSTER);
        memory.forget();
        progress.say("all of it is removed");
    }

    /// Takes Petiole and the store out of a cluster that stays.
    private void leave(Memory.Run run) {
        Kubectl kubectl = run.kubectl();
        new SmartStore(kubectl).close();
        Installation.in(kubectl, NAMESPACE).close();
        // Helm leaves CRDs where they are.
        kubectl.output("delete", "crd", "--ignore-not-found", "configurations.petiole.dev", "instances.petiole.dev");
    }

    private Memory.Run existing() {
        return memory.find().orElseThrow(() -> new IllegalStateException("nothing is up: run ./quickstart first"));
    }

    private void show(SmartStore store, Memory.Run run) {
        List<String> scales = store.scales();
        String example = scales.isEmpty() ? "scale-1" : scales.get(scales.size() / 2);
        String base = "https://127.0.0.1:" + run.port();
        progress.out().println();
        progress.out().print(Table.of(store.devices()).render());
        progress.out()
                .printf(
                        """

                Swagger UI   %s/swagger-ui.html%s
                             the browser will ask once: the certificate is the chart's own
                API          curl --cacert %s -H "Authorization: Bearer $TOKEN" %s/api/v1/devices
                its token    TOKEN=$(%s)
                kubectl      export KUBECONFIG=%s; %s get instances -n %s
                unplug       ./quickstart unplug %s
                plug in      ./quickstart plug %s
                this table   ./quickstart status
                remove all   ./quickstart down
                """,
                        base,
                        door.isOpen() ? "" : " (closed: run ./quickstart again)",
                        door.caFile(),
                        base,
                        ApiUser.tokenCommand(run.kubectl(), NAMESPACE),
                        run.kubectl().kubeconfig(),
                        run.kubectl().executable(),
                        SmartStore.NAMESPACE,
                        example,
                        example);
    }
}
