package dev.petiole.registry.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.Person.Answer;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How people make and change Configurations over REST, without overwriting each other.
class EditingIT {

    private static final String SPEC = "{\"discoveryHandler\": {\"name\": \"debugEcho\"}, \"capacity\": %d}";

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static Person person;

    private String namespace;
    private String path;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(directory);
        person = new Person(registry.uri());
    }

    @AfterAll
    static void stop() {
        person.close();
        registry.close();
    }

    @BeforeEach
    void separate(TestInfo test) {
        namespace = "t" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
        path = "/configurations/petiole.dev/" + namespace + "/scales";
    }

    @Test
    void whatIsMadeByPostHasAPlaceAndATag() {
        Answer created = create(1).is(201);

        assertThat(created.location()).isEqualTo("/api/v1" + path);
        assertThat(created.text("/managedBy")).isEqualTo("Registry");
        assertThat(created.text("/labels/zone")).isEqualTo("yard");
        Answer read = person.get(path).is(200);
        assertThat(read.body()).isEqualTo(created.body());
        assertThat(read.etag()).isEqualTo(created.etag()).isEqualTo("\"" + read.text("/resourceVersion") + "\"");

        create(2).isProblem(409, "already-exists");
    }

    @Test
    void aPutThatIsRepeatedChangesNothing() {
        Answer created = person.put(path, write(1)).is(200);

        assertThat(person.put(path, write(1)).is(200).etag()).isEqualTo(created.etag());
    }

    @Test
    void aBlindChangeIsRefusedWhateverItIs() {
        create(1).is(201);

        person.put(path, write(2)).isProblem(428, "precondition-required");
        person.patch(path, "{\"spec\": {\"capacity\": 2}}").isProblem(428, "precondition-required");
        person.delete(path).isProblem(428, "precondition-required");
        assertThat(person.get(path).json().at("/spec/capacity").asInt()).isEqualTo(1);
    }

    @Test
    void ofTwoWhoChangeTheSameTheSecondHearsOfTheFirst() {
        String seen = create(1).is(201).etag();

        Answer first = person.put(path, write(2), "If-Match", seen).is(200);
        assertThat(first.json().at("/generation").asInt()).isEqualTo(2);

        person.put(path, write(3), "If-Match", seen).isProblem(412, "precondition-failed");
        person.patch(path, "{\"spec\": {\"capacity\": 3}}", "If-Match", seen).isProblem(412, "precondition-failed");
        person.delete(path, "If-Match", seen).isProblem(412, "precondition-failed");
        person.put(path, write(3), "If-Match", first.etag()).is(200);
        person.put(path, write(4), "If-Match", "*").is(200);
    }

    @Test
    void aChangeWhoseAnswerWasLostCanBeSentAgain() {
        String seen = create(1).is(201).etag();

        Answer first = person.put(path, write(2), "If-Match", seen).is(200);
        Answer second = person.put(path, write(2), "If-Match", seen).is(200);

        assertThat(second.etag()).isEqualTo(first.etag());
    }

    @Test
    void aTagOfAnotherDatabaseIsStaleAndOneThatIsNoneIsNamed() {
        create(1).is(201);

        person.put(path, write(2), "If-Match", "\"another-1\"").isProblem(412, "precondition-failed");
        Answer malformed = person.put(path, write(2), "If-Match", "abc").isProblem(400, "invalid-field");
        assertThat(malformed.text("/errors/0/field")).isEqualTo("If-Match");
        person.put(path.replace("scales", "none"), write(1), "If-Match", "*").isProblem(412, "precondition-failed");
    }

    /// Nodes report all the time: nobody could ever edit if that made their tags stale.
    @Test
    void whatNodesReportMeanwhileMakesNoEditStale() {
        Answer created = create(1).is(201);
        var configuration = registry.client().configurations().get(ConfigurationKey.PETIOLE, namespace, "scales");
        FakeAgent.begin(registry.client(), namespace + "-n1").sees(configuration, "a");
        assertThat(person.get(path).etag()).isNotEqualTo(created.etag());

        person.put(path, write(2), "If-Match", created.etag()).is(200);
    }

    @Test
    void aPatchChangesWhatItNamesAndNothingElse() {
        String seen = create(3).is(201).etag();

        Answer patched = person.patch(
                        path,
                        "{\"labels\": {\"zone\": null, \"floor\": \"2\"}, \"spec\": {\"capacity\": null, "
                                + "\"gracePeriod\": \"PT1M\", \"brokerProperties\": {\"A\": \"1\"}}}",
                        "If-Match",
                        seen)
                .is(200);

        assertThat(patched.json().at("/labels").toString()).isEqualTo("{\"floor\":\"2\"}");
        assertThat(patched.json().at("/spec/capacity").asInt()).isEqualTo(1);
        assertThat(patched.text("/spec/gracePeriod")).isEqualTo("PT1M");
        assertThat(patched.text("/spec/discoveryHandler/name")).isEqualTo("debugEcho");
        assertThat(patched.json().at("/generation").asInt()).isEqualTo(2);
        assertThat(person.get(path).body()).isEqualTo(patched.body());
    }

    @Test
    void aPatchIsCheckedLikeAWholeConfiguration() {
        String seen = create(1).is(201).etag();

        assertField(person.patch(path, "{\"spec\": {\"capacity\": 0}}", "If-Match", seen), "spec.capacity");
        assertField(person.patch(path, "{\"spec\": {\"capacity\": \"x\"}}", "If-Match", seen), "spec.capacity");
        assertField(person.patch(path, "{\"spec\": null}", "If-Match", seen), "spec");
        assertField(person.patch(path, "{\"spec\": {\"capacities\": 2}}", "If-Match", seen), "spec.capacities");
        assertField(person.patch(path, "{\"managedBy\": \"Kubernetes\"}", "If-Match", seen), "managedBy");
        assertField(person.patch(path, "[]", "If-Match", seen), "body");
        assertField(person.patch(path, "{\"labels\": {\"-\": \"x\"}}", "If-Match", seen), "labels.-");
        person.patch(path.replace("scales", "none"), "{}", "If-Match", seen).isProblem(404, "not-found");
        assertThat(person.send("PATCH", path, "{}", "If-Match", seen).status()).isEqualTo(415);
    }

    @Test
    void whatWasReadCanBeWrittenBackAsItIs() {
        Answer created = create(1).is(201);

        String edited = created.body().replace("\"capacity\":1", "\"capacity\":5");
        Answer written = person.put(path, edited, "If-Match", created.etag()).is(200);

        assertThat(written.json().at("/spec/capacity").asInt()).isEqualTo(5);
        assertThat(written.text("/managedBy")).isEqualTo("Registry");
    }

    @Test
    void whatKubernetesManagesIsReadOnlyAndSaysSo() {
        var spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        Configuration configuration = registry.client()
                .configurations()
                .put(ConfigurationKey.PETIOLE, namespace, "scales", new ConfigurationWrite("k8s", 7L, spec));
        String tag = "\"" + configuration.resourceVersion() + "\"";

        Answer refused = person.put(path, write(2), "If-Match", tag).isProblem(409, "managed-by-kubernetes");
        assertThat(refused.text("/detail")).contains("kubectl edit configurations.petiole.dev scales");
        person.patch(path, "{\"spec\": {\"capacity\": 2}}", "If-Match", tag).isProblem(409, "managed-by-kubernetes");
        person.delete(path, "If-Match", tag).isProblem(409, "managed-by-kubernetes");
        create(1).isProblem(409, "already-exists");
        assertThat(person.get(path).text("/managedBy")).isEqualTo("Kubernetes");
    }

    /// The broker-scheduler says what is, and needs no tag; an old statement about a namesake removes nothing.
    @Test
    void theBrokerSchedulerRemovesWhatItMeansAndNothingElse() {
        var spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        registry.client()
                .configurations()
                .put(ConfigurationKey.PETIOLE, namespace, "scales", new ConfigurationWrite("new", 1L, spec));

        person.delete(path + "?uid=old").is(204);
        person.get(path).is(200);
        person.delete(path + "?uid=new").is(204);
        person.get(path).isProblem(404, "not-found");
        person.delete(path + "?uid=new").is(204);
    }

    @Test
    void whatIsKnownAlreadyIsNotSentAgain() {
        Answer created = create(1).is(201);

        Answer again = person.get(path, "If-None-Match", created.etag()).is(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.etag()).isEqualTo(created.etag());
        person.get(path, "If-None-Match", "\"x\", W/" + created.etag()).is(304);
        person.get(path, "If-None-Match", "\"x\"").is(200);

        Answer list = person.get("/configurations?namespace=" + namespace).is(200);
        person.get("/configurations?namespace=" + namespace, "If-None-Match", list.etag())
                .is(304);
    }

    @ParameterizedTest
    @CsvSource({
        "label=zone,1",
        "label=zone=yard,1",
        "label=zone=hall,0",
        "managedBy=Registry,1",
        "managedBy=Kubernetes,0",
        "handler=debugEcho,1",
        "handler=opcua,0",
        "q=SCAL,1",
        "q=yard,1",
        "q=hall,0",
        "group=akri.sh,0",
        "node=anyone,1"
    })
    void configurationsAreFoundByWhatTheyAre(String filter, int count) {
        create(1);

        Answer found = person.get("/configurations?namespace=" + namespace + "&" + filter + "&fields=key.name")
                .is(200);
        assertThat(found.json().path("items").size()).isEqualTo(count);
        assertField(person.get("/configurations?" + filter + "&presence=Online"), "presence");
    }

    @Test
    void nodesAreFoundByWhatTheyAre() {
        FakeAgent.begin(registry.client(), namespace + "-n1");

        for (String filter : List.of("lease=Active", "handler=debugEcho", "lease=Active&lease=Expired")) {
            assertThat(person.get("/nodes?q=" + namespace + "&" + filter)
                            .json()
                            .path("items")
                            .size())
                    .as(filter)
                    .isEqualTo(1);
        }
        for (String filter : List.of("lease=Expired", "handler=opcua", "label=zone")) {
            assertThat(person.get("/nodes?q=" + namespace + "&" + filter)
                            .json()
                            .path("items")
                            .size())
                    .as(filter)
                    .isZero();
        }
        assertField(person.get("/nodes?lease=active"), "lease");
    }

    private Answer create(int capacity) {
        return person.post(
                "/configurations",
                "{\"key\": {\"group\": \"petiole.dev\", \"namespace\": \"" + namespace + "\", \"name\": \"scales\"}, "
                        + "\"labels\": {\"zone\": \"yard\"}, \"spec\": " + SPEC.formatted(capacity) + "}");
    }

    private static String write(int capacity) {
        return "{\"labels\": {\"zone\": \"yard\"}, \"spec\": " + SPEC.formatted(capacity) + "}";
    }

    private static void assertField(Answer answer, String field) {
        assertThat(answer.isProblem(400, "invalid-field").text("/errors/0/field"))
                .as(answer.body())
                .isEqualTo(field);
    }
}
