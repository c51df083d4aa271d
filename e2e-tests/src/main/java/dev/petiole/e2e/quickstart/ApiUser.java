package dev.petiole.e2e.quickstart;

import dev.petiole.e2e.cluster.Kubectl;

/// The ServiceAccount as which whoever runs the quickstart uses the registry's API. It may do nothing in Kubernetes.
final class ApiUser {

    private static final String NAME = "quickstart-user";

    private ApiUser() {}

    /// How the registry knows it.
    static String subject(String namespace) {
        return "system:serviceaccount:" + namespace + ":" + NAME;
    }

    static void create(Kubectl kubectl, String namespace) {
        kubectl.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %s, namespace: %s}
                """.formatted(NAME, namespace)).orThrow();
    }

    /// A command line that prints a token of an hour.
    static String tokenCommand(Kubectl kubectl, String namespace) {
        return String.join(
                " ", kubectl.commandLine("-n", namespace, "create", "token", NAME, "--audience", "petiole-registry"));
    }
}
