package dev.petiole.e2e.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A chart in a directory. Values are given by their dotted keys, as for `helm --set`.
public final class HelmChart {

    private final Helm helm;

    public HelmChart(Path directory) {
        this.helm = new Helm(directory);
    }

    /// What `helm lint --strict` has to say; empty if the chart passes.
    public List<String> lint() {
        LintResult result = helm.lint().strict().call();
        return result.isFailed() ? result.getMessages() : List.of();
    }

    /// The manifests that an installation would apply.
    public String template(String release, String namespace, Map<String, ?> values) {
        TemplateCommand command = helm.template().withName(release).withNamespace(namespace);
        values.forEach(command::set);
        return command.call();
    }

    /// Installs a release or upgrades it. Does not wait for readiness.
    public void apply(HelmRelease release, Map<String, ?> values) {
        if (release.exists()) {
            UpgradeCommand command = helm.upgrade()
                    .withName(release.name())
                    .withNamespace(release.namespace())
                    .withKubeConfig(release.kubeconfig())
                    .resetValues();
            values.forEach(command::set);
            command.call();
        } else {
            InstallCommand command = helm.install()
                    .withName(release.name())
                    .withNamespace(release.namespace())
                    .withKubeConfig(release.kubeconfig())
                    .createNamespace();
            values.forEach(command::set);
            command.call();
        }
    }
}
