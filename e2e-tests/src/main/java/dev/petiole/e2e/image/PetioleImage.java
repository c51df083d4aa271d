package dev.petiole.e2e.image;

import java.util.ArrayList;
import java.util.List;

/// The container images of the suite, and how each one's JVM runs.
public enum PetioleImage {
    /// Full tiered compilation: it serves people and watches for as long as the cluster lives.
    REGISTRY_SERVICE("petiole/registry-service", "registry-service", false, User.PETIOLE, heap(40), lean(24)),
    /// Root, since the kubelet's sockets and /run/udev are root's. C1 alone halves the start's processor time and
    /// saves 28 MiB. Native access: uevents come over a netlink socket, by the FFM API.
    DISCOVERY_SERVICE(
            "petiole/discovery-service",
            "discovery-service",
            false,
            User.ROOT,
            heap(25),
            lean(6),
            small(),
            List.of("--enable-native-access=ALL-UNNAMED")),
    /// The same with a shell, in which tests flip the availability file of debugEcho.
    DISCOVERY_SERVICE_DEBUG(
            "petiole/discovery-service-debug",
            "discovery-service",
            true,
            User.ROOT,
            heap(25),
            lean(6),
            small(),
            List.of("--enable-native-access=ALL-UNNAMED")),
    BROKER_SCHEDULER("petiole/broker-scheduler", "broker-scheduler", false, User.PETIOLE, heap(40), lean(16), small()),
    SHELF_SCALE("petiole/samples-shelf-scale", "samples/shelf-scale", false, User.PETIOLE, heap(40), small()),
    INVENTORY_BROKER(
            "petiole/samples-inventory-broker", "samples/inventory-broker", false, User.PETIOLE, heap(40), small());

    private final String repository;
    private final String module;
    private final boolean withShell;
    private final User user;
    private final List<String> flags;

    @SafeVarargs
    PetioleImage(String repository, String module, boolean withShell, User user, List<String>... flags) {
        this.repository = repository;
        this.module = module;
        this.withShell = withShell;
        this.user = user;
        var all = new ArrayList<>(everywhere());
        List.of(flags).forEach(all::addAll);
        this.flags = List.copyOf(all);
    }

    /// The image's name without a tag.
    public String repository() {
        return repository;
    }

    /// The directory of the module whose jar it runs.
    String module() {
        return module;
    }

    /// Whether it is one of Petiole's own, which run for as long as the cluster does.
    boolean isService() {
        return switch (this) {
            case REGISTRY_SERVICE, DISCOVERY_SERVICE, DISCOVERY_SERVICE_DEBUG, BROKER_SCHEDULER -> true;
            case SHELF_SCALE, INVENTORY_BROKER -> false;
        };
    }

    boolean withShell() {
        return withShell;
    }

    String user() {
        return user.ids;
    }

    List<String> flags() {
        return flags;
    }

    private static List<String> everywhere() {
        return List.of(
                // One small heap: parallel collectors cost threads and card tables, and gain nothing.
                "-XX:+UseSerialGC",
                // Goes with the base image's CDS archive for compact headers.
                "-XX:+UseCompactObjectHeaders",
                // The kubelet restarts a container that ends; one that limps along it does not.
                "-XX:+ExitOnOutOfMemoryError",
                // A Service made a moment after it was asked for must not stay unknown for ten seconds.
                "-Dsun.net.inetaddr.negative.ttl=1");
    }

    /// The heap's share of the container's limit. The JVM takes the second flag for limits below about 250 MiB, where
    /// its default is half.
    private static List<String> heap(int percent) {
        return List.of("-XX:MaxRAMPercentage=" + percent, "-XX:MinRAMPercentage=" + percent);
    }

    /// A heap that stays close to what lives in it; docs/benchmarks.md says what each of these gives.
    ///
    /// @param young the most that the young generation takes, in MiB
    private static List<String> lean(int young) {
        return List.of(
                // Below this the archived objects of the AOT cache can't be loaded.
                "-Xms8m",
                "-XX:NewSize=3m",
                "-XX:MaxNewSize=" + young + "m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=20",
                "-XX:TrimNativeHeapInterval=60000",
                // Elsewhere than where it was made for, every pointer of the archive would be written anew, and its
                // pages be
                // this process's own.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                // Each of these would wake the processor of an idle service otherwise: to look for idle monitors every
                // quarter of a second, for tables to tidy every second, for forgotten HTTP clients every three.
                "-XX:AsyncDeflationInterval=60000",
                "-XX:ServiceThreadCleanupInterval=60000",
                "-Djdk.internal.httpclient.selectorTimeout=60000");
    }

    private static List<String> small() {
        return List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=32m", "-Xss256k");
    }

    private enum User {
        ROOT("0:0"),
        PETIOLE("10001:10001");

        private final String ids;

        User(String ids) {
            this.ids = ids;
        }
    }
}
