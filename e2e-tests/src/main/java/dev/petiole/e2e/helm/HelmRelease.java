package dev.petiole.e2e.helm;

import com.marcnuri.helm.Helm;
import java.nio.file.Path;

/// An installation of a chart in a cluster, present or not.
public record HelmRelease(String name, String namespace, Path kubeconfig) {

    public boolean exists() {
        return Helm.list().withNamespace(namespace).withKubeConfig(kubeconfig).all().call().stream()
                .anyMatch(release -> release.getName().equals(name));
    }

    /// Uninstalls it, its hooks included; does nothing if it is not there.
    public void uninstall() {
        if (exists()) {
            Helm.uninstall(name)
                    .withNamespace(namespace)
                    .withKubeConfig(kubeconfig)
                    .ignoreNotFound()
                    .call();
        }
    }
}
