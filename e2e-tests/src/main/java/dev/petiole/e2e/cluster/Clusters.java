package dev.petiole.e2e.cluster;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Where clusters come from: one given by the caller, else K3s where a Docker engine answers, else one built on this
/// machine.
public final class Clusters {

    private Clusters() {}

    /// Tries the ways in their order, and prints which one it took and why not those before it.
    public static ClusterSearch find(ClusterRequest request, PrintStream out) {
        List<ClusterProvider> providers = request.kubeconfig() == null
                ? List.of(new GivenClusterProvider(), new K3sClusterProvider(), new BuiltClusterProvider(out))
                : List.of(new GivenClusterProvider());
        List<String> reasons = new ArrayList<>();
        for (ClusterProvider provider : providers) {
            switch (provider.provide(request)) {
                case ClusterSearch.Found found -> {
                    String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
                    out.printf("cluster: %s%s%n", found.cluster().description(), why);
                    return found;
                }
                case ClusterSearch.None(String reason) -> reasons.add(reason);
            }
        }
        return new ClusterSearch.None(String.join("; ", reasons));
    }

    /// Takes away every cluster of this name that was made here, however the run that made it ended.
    public static void remove(String name) {
        BuiltClusterProvider.script(name)
                .with("down")
                .withLimit(Duration.ofMinutes(5))
                .run()
                .orThrow();
        K3sClusterProvider.remove(name);
    }
}
