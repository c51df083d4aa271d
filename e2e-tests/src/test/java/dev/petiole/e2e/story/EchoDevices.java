package dev.petiole.e2e.story;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;

/// The devices of debugEcho, put offline and online by the availability file in every discovery service's container.
final class EchoDevices {

    private static final String FILE = "/tmp/debug-echo-availability.txt";

    private final Kubectl kubectl;
    private final Installation installation;

    EchoDevices(Kubectl kubectl, Installation installation) {
        this.kubectl = kubectl;
        this.installation = installation;
    }

    void putOffline() {
        onEveryNode("echo OFFLINE > " + FILE);
    }

    void putOnline() {
        onEveryNode("rm -f " + FILE);
    }

    private void onEveryNode(String command) {
        for (String pod : installation.pods("discovery-service")) {
            kubectl.output("exec", "-n", installation.namespace(), pod, "--", "sh", "-c", command);
        }
    }
}
