package dev.petiole.registry.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.Person.Answer;
import dev.petiole.registry.testing.RunningRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Devices are found, ordered and counted by what is known of them, and a watch sees what a list sees.
class DeviceSearchIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NAMESPACE = "search";

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static RegistryClient client;
    private static Person person;
    private static FakeAgent first;
    private static long sequence = 1_000;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        client = registry.client();
        person = new Person(registry.uri());
        Configuration scales =
                configuration("scales", Map.of("zone", "yard", "shop.io/tier", "1"), AdmissionMode.AUTOMATIC);
        Configuration cameras = configuration("cameras", Map.of("zone", "hall"), AdmissionMode.MANUAL);
        first = FakeAgent.begin(client, "n1");
        FakeAgent second = FakeAgent.begin(client, "n2");
        observe(first, scales, seen("s1", "VENDOR", "Acme", "RATIO", "50%"), seen("s2", "VENDOR", "acme_b"));
        observe(second, scales, seen("s2", "VENDOR", "acme_b"), seen("s3", "A=B", "C"));
        observe(second, cameras, seen("c1", "VENDOR", "Zoom"), seen("c2", "A", "B=C"));
        observe(first, scales, seen("s2", "VENDOR", "acme_b"));
    }

    @AfterAll
    static void stop() {
        person.close();
        registry.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                   | c1 c2 s1 s2 s3",
                "configuration=scales               | s1 s2 s3",
                "configuration=none                 | ''",
                "group=petiole.dev                  | c1 c2 s1 s2 s3",
                "handler=debugEcho                  | c1 c2 s1 s2 s3",
                "handler=opcua                      | ''",
                "node=n1                            | s1 s2",
                "node=n2&configuration=scales       | s2 s3",
                "presence=Missing                   | s1",
                "presence=Missing&presence=Online   | c1 c2 s1 s2 s3",
                "admission=Pending                  | c1 c2",
                "admission=Pending&node=n1          | ''",
                "label=zone                         | c1 c2 s1 s2 s3",
                "label=zone=yard                    | s1 s2 s3",
                "label=zone=yar                     | ''",
                "label=shop.io/tier=1               | s1 s2 s3",
                "label=zone=yard&label=shop.io/tier | s1 s2 s3",
                "property=VENDOR                    | c1 s1 s2",
                "property=VENDOR=Acme               | s1",
                "property=VENDOR=acme               | ''",
                "property=vendor                    | ''",
                "property=A                         | c2",
                "property=A=B=C                     | c2",
                "property=RATIO=50%25               | s1",
                "property=VENDOR=acme%25            | ''",
                "q=ACME                             | s1 s2",
                "q=acme_                            | s2",
                "q=%25                              | s1",
                "q=hall                             | c1 c2",
                "q=c1                               | c1",
                "q=scales-                          | s1 s2 s3"
            })
    void aFilterLetsThroughWhatFitsInListsAndWatches(@Nullable String filter, String identities) throws Exception {
        String query = "?namespace=" + NAMESPACE + (filter == null ? "" : "&" + filter.strip());

        assertThat(String.join(" ", identities(query))).isEqualTo(identities);
        assertThat(String.join(" ", watched(query))).isEqualTo(identities);
        assertThat(person.get("/devices/facets" + query + "&by=presence")
                        .is(200)
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(identities.isEmpty() ? 0 : identities.split(" ").length);
    }

    /// What a watcher sees of changes must be what it would list.
    @Test
    void aDeviceThatLeavesAFilterIsDeletedForItsWatcher() throws Exception {
        Configuration configuration = configuration("moving", Map.of(), AdmissionMode.AUTOMATIC);
        observe(first, configuration, seen("m", "STATE", "on"));
        URI uri = URI.create(registry.uri() + "/api/v1/devices?property=STATE%3Don&fields=identity,presence");
        try (EventLog events = EventLog.open(uri, null)) {
            assertThat(JSON.readTree(events.next(2).getFirst().data()).propertyNames())
                    .containsExactlyInAnyOrder("identity", "presence", "resourceVersion");

            observe(first, configuration, seen("m", "STATE", "off"));
            assertThat(events.next(1).getFirst().name()).isEqualTo("deleted");
            observe(first, configuration, seen("m", "STATE", "on"));
            assertThat(events.next(1).getFirst().name()).isEqualTo("added");
        } finally {
            client.configurations().delete(ConfigurationKey.PETIOLE, NAMESPACE, "moving", "moving", null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "-name",
                "configuration",
                "-configuration",
                "handler",
                "presence",
                "-presence",
                "admission",
                "-admission",
                "presenceSince",
                "-presenceSince"
            })
    void pagesOfAnyOrderShowEveryDeviceOnce(String sort) {
        List<JsonNode> all = items("?namespace=" + NAMESPACE + "&sort=" + sort);
        List<JsonNode> paged = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = person.get("/devices?namespace=" + NAMESPACE + "&limit=2&sort=" + sort
                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .is(200);
            page.json().path("items").forEach(paged::add);
            cursor = page.text("/nextCursor");
        } while (!cursor.isEmpty());

        assertThat(paged).isEqualTo(all).hasSize(5);
        String field = sort.replace("-", "");
        List<String> values = all.stream()
                .map(device -> field.equals("configuration")
                        ? device.at("/configuration/name").asString()
                        : device.path(field).asString())
                .toList();
        List<String> expected = values.stream().sorted().toList();
        assertThat(values).isEqualTo(sort.startsWith("-") ? expected.reversed() : expected);
    }

    /// Whatever comes and goes meanwhile, what was there all the time is shown once.
    @Test
    void pagesAreStableWhileDevicesComeAndGo() {
        Configuration configuration = configuration("busy", Map.of("busy", "yes"), AdmissionMode.AUTOMATIC);
        List<ObservedDevice> staying = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            staying.add(seen("stays-" + i));
        }
        observe(first, configuration, staying.toArray(ObservedDevice[]::new));

        List<String> shown = new ArrayList<>();
        String cursor = "";
        int round = 0;
        do {
            Answer page = person.get(
                            "/devices?label=busy&limit=3&sort=-name" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .is(200);
            page.json()
                    .path("items")
                    .forEach(item -> shown.add(item.path("identity").asString()));
            List<ObservedDevice> now = new ArrayList<>(staying);
            for (int i = 0; i < 5; i++) {
                now.add(seen("comes-" + round + "-" + i));
            }
            round++;
            observe(first, configuration, now.toArray(ObservedDevice[]::new));
            cursor = page.text("/nextCursor");
        } while (!cursor.isEmpty());

        assertThat(shown).doesNotHaveDuplicates();
        assertThat(shown)
                .containsAll(staying.stream().map(ObservedDevice::identity).toList());
        client.configurations().delete(ConfigurationKey.PETIOLE, NAMESPACE, "busy", "busy", null);
    }

    @Test
    void aReaderGetsNoMoreThanTheFieldsItWants() {
        JsonNode device = items("?namespace=" + NAMESPACE
                        + "&property=VENDOR=Acme&fields=name,properties.VENDOR,configuration.name,nodes.node")
                .getFirst();

        assertThat(device.propertyNames())
                .containsExactlyInAnyOrder("name", "properties", "configuration", "nodes", "resourceVersion");
        assertThat(device.path("properties").toString()).isEqualTo("{\"VENDOR\":\"Acme\"}");
        assertThat(device.path("configuration").toString()).isEqualTo("{\"name\":\"scales\"}");
        assertThat(device.path("nodes").toString()).isEqualTo("[{\"node\":\"n1\"}]");
        String one =
                "/devices/petiole.dev/" + NAMESPACE + "/" + device.path("name").asString();
        assertThat(person.get(one + "?fields=presence").json().propertyNames())
                .containsExactlyInAnyOrder("presence", "resourceVersion");
    }

    @Test
    void devicesAreCountedByWhatTheyHaveInCommon() {
        JsonNode facets = person.get("/devices/facets?namespace=" + NAMESPACE
                        + "&by=presence&by=admission&by=configuration&by=node&by=label:zone&by=property:VENDOR")
                .is(200)
                .json();

        assertThat(facets.path("total").asInt()).isEqualTo(5);
        assertThat(counts(facets, "presence")).isEqualTo("Online 4, Missing 1");
        assertThat(counts(facets, "admission")).isEqualTo("Approved 3, Pending 2");
        assertThat(counts(facets, "configuration")).isEqualTo("scales 3, cameras 2");
        assertThat(counts(facets, "node")).isEqualTo("n2 4, n1 2");
        assertThat(counts(facets, "label:zone")).isEqualTo("yard 3, hall 2");
        assertThat(counts(facets, "property:VENDOR")).isEqualTo("Acme 1, Zoom 1, acme_b 1");
    }

    @Test
    void aCursorBelongsToItsFiltersAndOrder() {
        String cursor =
                person.get("/devices?namespace=" + NAMESPACE + "&limit=1").text("/nextCursor");

        for (String other : List.of("?limit=1", "?namespace=" + NAMESPACE + "&sort=name")) {
            assertThat(person.get("/devices" + other + "&cursor=" + cursor)
                            .isProblem(400, "invalid-field")
                            .text("/errors/0/field"))
                    .isEqualTo("cursor");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "presense=Online,presense",
        "presence=online,presence",
        "admission=Perhaps,admission",
        "sort=colour,sort",
        "label==x,label",
        "group=a&group=b,group",
        "limit=many,limit",
        "by=presence,by",
        "q=%00,q",
        "namespace=a%00,namespace"
    })
    void whatIsNoParameterIsRefused(String query, String field) {
        assertThat(person.get("/devices?" + query)
                        .isProblem(400, "invalid-field")
                        .text("/errors/0/field"))
                .isEqualTo(field);
    }

    @Test
    void facetsMustBeNamed() {
        assertThat(person.get("/devices/facets").isProblem(400, "invalid-field").text("/errors/0/field"))
                .isEqualTo("by");
        assertThat(person.get("/devices/facets?by=colour")
                        .isProblem(400, "invalid-field")
                        .text("/errors/0/field"))
                .isEqualTo("by");
    }

    @Test
    void theSlotsOfADeviceTellWhatIsFree() {
        Device device = client.devices()
                .list(null, NAMESPACE, "scales", "n2", null, null)
                .items()
                .getFirst();
        String path = "/devices/petiole.dev/" + NAMESPACE + "/" + device.name() + "/slots";

        JsonNode slots = person.get(path).is(200).json();

        assertThat(slots.path("capacity").asInt()).isEqualTo(2);
        assertThat(slots.path("free").asInt()).isEqualTo(2);
        assertThat(slots.path("held").size()).isZero();
        person.get(path.replace(device.name(), "none")).isProblem(404, "not-found");
    }

    private static List<JsonNode> items(String query) {
        return person.get("/devices" + query.replace("=B=C", "%3DB%3DC"))
                .is(200)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private static List<String> identities(String query) {
        return List.copyOf(new TreeSet<>(items(query).stream()
                .map(item -> item.path("identity").asString())
                .toList()));
    }

    private static List<String> watched(String query) throws Exception {
        List<String> identities = new ArrayList<>();
        try (EventLog events = EventLog.open(URI.create(registry.uri() + "/api/v1/devices" + query), null)) {
            for (var event = events.next(); event != null && !event.name().equals("bookmark"); event = events.next()) {
                identities.add(JSON.readTree(event.data()).path("identity").asString());
            }
        }
        return List.copyOf(new TreeSet<>(identities));
    }

    private static String counts(JsonNode facets, String facet) {
        return String.join(
                ", ",
                facets.path("facets")
                        .path(facet)
                        .valueStream()
                        .map(count -> count.path("value").asString() + " "
                                + count.path("count").asInt())
                        .toList());
    }

    private static ObservedDevice seen(String identity, String... properties) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return new ObservedDevice(identity, all);
    }

    private static void observe(FakeAgent agent, Configuration configuration, ObservedDevice... devices) {
        agent.observe(new Observation(
                agent.session(),
                ++sequence,
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                "debugEcho",
                true,
                DiscoveryState.RUNNING,
                null,
                null,
                List.of(devices)));
    }

    private static Configuration configuration(String name, Map<String, String> labels, AdmissionMode admission) {
        var spec = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                2,
                null,
                null,
                null,
                null,
                Duration.ofHours(1),
                null,
                admission,
                null);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, NAMESPACE, name, new ConfigurationWrite(name, 1L, labels, spec));
    }
}
