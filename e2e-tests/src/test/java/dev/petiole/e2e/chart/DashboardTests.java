package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The dashboard for Grafana.
class DashboardTests {

    private static final Pattern METRIC = Pattern.compile("petiole_[a-z_]+?(?=(_count|_sum|_max|_bucket)?[^a-z_])");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(petiole_\\w+)` \\|");

    private final JsonMapper json = JsonMapper.builder().build();

    /// The guide's list of the registry's metrics is compared with what it serves by MetricsIT.
    @Test
    void everyQueryNamesAMetricOfTheGuide() throws IOException {
        String guide = Files.readString(Repository.find().path("docs", "operating.md"));
        List<String> queries = queries();

        assertThat(queries)
                .hasSizeGreaterThan(20)
                .allSatisfy(query -> assertThat(query).containsPattern(METRIC));
        assertThat(names(DOCUMENTED, 1, guide)).containsAll(names(METRIC, 0, String.join("\n", queries) + "\n"));
    }

    @Test
    void everyMetricOfTheRegistryIsShown() throws IOException {
        String guide = Files.readString(Repository.find().path("docs", "operating.md"));
        Set<String> shown = names(METRIC, 0, String.join("\n", queries()) + "\n");

        assertThat(names(DOCUMENTED, 1, guide))
                .filteredOn(name -> name.startsWith("petiole_registry_"))
                .isSubsetOf(shown);
    }

    @Test
    void itIsBroughtOnRequest() {
        assertThat(RenderedChart.of(Map.of()).manifests())
                .noneMatch(manifest -> manifest.name().equals("petiole-dashboard"));
        assertThat(RenderedChart.of(Map.of("monitoring.dashboard", true)).get("ConfigMap", "petiole-dashboard"))
                .contains("grafana_dashboard: \"1\"", "petiole.json: |\n    {");
    }

    private List<String> queries() throws IOException {
        JsonNode dashboard = json.readTree(
                Files.readString(RenderedChart.DIRECTORY.resolve("files").resolve("dashboard.json")));
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.path("expr").asString());
            }
        }
        return queries;
    }

    private static Set<String> names(Pattern pattern, int group, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(group));
        }
        return names;
    }
}
