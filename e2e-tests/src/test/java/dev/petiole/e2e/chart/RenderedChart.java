package dev.petiole.e2e.chart;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The objects that the chart makes of some values, in the order in which Helm applies them.
public record RenderedChart(List<Manifest> manifests) {

    public static final Path DIRECTORY = Repository.find().path("charts", "petiole");
    public static final String NAMESPACE = "petiole-system";

    /// Helm's library believes in Kubernetes 1.20 unless told otherwise.
    private static final String KUBERNETES = "1.34.0";

    private static final Map<String, String> GIVEN = Map.of(
            "registry.storage.type", "pvc",
            "akri.definitions", "Install",
            "registry.tls.source", "secret",
            "registry.tls.secretName", "registry-certificate");

    /// Renders as `helm template` does. Where `values` leave it to the cluster what storage, which definitions and
    /// which certificate there are, this says it: the library would look for a cluster to ask.
    public static RenderedChart of(Map<String, ?> values) {
        TemplateCommand command = template();
        var all = new TreeMap<String, Object>(GIVEN);
        all.putAll(values);
        all.forEach(command::set);
        return parse(command.call());
    }

    /// Renders with values as a person writes them into a file.
    public static RenderedChart ofFile(String yaml) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, yaml);
                TemplateCommand command = template().withValuesFile(file);
                GIVEN.forEach(command::set);
                return parse(command.call());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TemplateCommand template() {
        return new Helm(DIRECTORY)
                .template()
                .withName("petiole")
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES);
    }

    private static RenderedChart parse(String rendered) {
        return new RenderedChart(Arrays.stream(rendered.split("(?m)^---$"))
                .filter(text -> text.contains("kind:"))
                .map(Manifest::parse)
                .toList());
    }

    /// The notes after an install that can't ask any cluster.
    static String notes(Map<String, ?> values) {
        InstallCommand command = new Helm(DIRECTORY)
                .install()
                .withName("petiole")
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES)
                .clientOnly()
                .dryRun()
                .withDryRunOption(DryRun.CLIENT);
        values.forEach(command::set);
        return command.call().getOutput();
    }

    /// The text of the one object of this kind and name.
    String get(String kind, String name) {
        List<Manifest> found = manifests.stream()
                .filter(manifest ->
                        manifest.kind().equals(kind) && manifest.name().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("%s %s: %d objects (expected: 1)".formatted(kind, name, found.size()));
        }
        return found.getFirst().text();
    }

    List<Manifest> workloads() {
        return manifests.stream()
                .filter(manifest -> manifest.text().contains("\n      containers:\n"))
                .toList();
    }

    /// One object as it would be sent.
    public record Manifest(String kind, String name, String text) {

        private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\S+)$");
        private static final Pattern NAME = Pattern.compile("(?m)^  name: (\\S+)$");

        static Manifest parse(String text) {
            return new Manifest(first(KIND, text), first(NAME, text), text);
        }

        private static String first(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new AssertionError("no %s in:%n%s".formatted(pattern, text));
            }
            return matcher.group(1);
        }
    }
}
