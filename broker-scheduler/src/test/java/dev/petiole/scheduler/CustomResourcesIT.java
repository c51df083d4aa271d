package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the API server itself says to bad input: the person who applies it reads this.
@RequiresApiServer
class CustomResourcesIT {

    private static Kubectl kubectl;

    @BeforeAll
    static void prepare() {
        kubectl = TestCluster.get().kubectl();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            capacity of 0       | {discoveryHandler: {name: a}, capacity: 0} | spec.capacity | capacity must be from 1 to 1000
            capacity of 1001    | {discoveryHandler: {name: a}, capacity: 1001} | spec.capacity | capacity must be from 1 to 1000
            no handler          | {capacity: 1} | spec.discoveryHandler | Required value
            nameless handler    | {discoveryHandler: {name: ""}} | spec.discoveryHandler.name | must name a discovery handler
            empty brokerSpec    | {discoveryHandler: {name: a}, brokerSpec: {}} | spec.brokerSpec | exactly one of
            both brokers        | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {containers: [{name: a, image: b}]}, brokerJobSpec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}} | spec.brokerSpec | exactly one of
            no containers       | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {}}} | brokerPodSpec.containers | Required value
            zero containers     | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {containers: []}}} | brokerPodSpec.containers | at least 1 items
            no image            | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {containers: [{name: a}]}}} | containers[0].image | Required value
            empty image         | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {containers: [{name: a, image: ""}]}}} | containers[0].image | must name the container's image
            nameless container  | {discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {containers: [{image: b}]}}} | containers | name
            Job without policy  | {discoveryHandler: {name: a}, brokerSpec: {brokerJobSpec: {template: {spec: {containers: [{name: a, image: b}]}}}}} | restartPolicy | must be OnFailure or Never
            Job with TTL        | {discoveryHandler: {name: a}, brokerSpec: {brokerJobSpec: {ttlSecondsAfterFinished: 1, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}} | brokerJobSpec | ttlSecondsAfterFinished
            two of the new      | {discoveryHandler: {name: a}, brokerSpec: {brokerDeploymentSpec: {template: {spec: {containers: [{name: a, image: b}]}}}, brokerPool: {devicesPerBroker: 1, podSpec: {containers: [{name: a, image: b}]}}}} | spec.brokerSpec | exactly one of
            per with Pods       | {discoveryHandler: {name: a}, brokerSpec: {per: Device, brokerPodSpec: {containers: [{name: a, image: b}]}}} | spec.brokerSpec | per goes with
            per of something    | {discoveryHandler: {name: a}, brokerSpec: {per: Node, brokerDeploymentSpec: {template: {spec: {containers: [{name: a, image: b}]}}}}} | brokerSpec.per | Configuration
            roll of Deployment  | {discoveryHandler: {name: a}, brokerSpec: {maxUnavailable: 1, brokerDeploymentSpec: {template: {spec: {containers: [{name: a, image: b}]}}}}} | spec.brokerSpec | update strategy of their own
            roll of nothing     | {discoveryHandler: {name: a}, brokerSpec: {maxUnavailable: 0, brokerPodSpec: {containers: [{name: a, image: b}]}}} | maxUnavailable | from 1 on
            roll of 0 %         | {discoveryHandler: {name: a}, brokerSpec: {maxUnavailable: "0%", brokerPodSpec: {containers: [{name: a, image: b}]}}} | maxUnavailable | from 1%
            pool of nothing     | {discoveryHandler: {name: a}, brokerSpec: {brokerPool: {devicesPerBroker: 0, podSpec: {containers: [{name: a, image: b}]}}}} | devicesPerBroker | from 1 to 500
            imageless Deployment| {discoveryHandler: {name: a}, brokerSpec: {brokerDeploymentSpec: {template: {spec: {containers: [{name: a}]}}}}} | containers[0].image | Required value
            role by template    | {discoveryHandler: {name: a}, brokerSpec: {brokerTemplate: {group: rbac.authorization.k8s.io, version: v1, resource: roles, object: {}}}} | brokerTemplate | governs the cluster itself
            grace without unit  | {discoveryHandler: {name: a}, gracePeriod: "10"} | spec.gracePeriod | such as 500ms, 10s
            unknown field       | {discoveryHandler: {name: a}, capcity: 1} | capcity | unknown field
            unknown exposure    | {discoveryHandler: {name: a}, exposure: USB} | spec.exposure | DevicePlugin
            bad property name   | {discoveryHandler: {name: a, discoveryProperties: [{name: 1a, value: b}]}} | discoveryProperties[0].name | must consist of letters
            property of nothing | {discoveryHandler: {name: a, discoveryProperties: [{name: a}]}} | discoveryProperties[0] | exactly one of value and valueFrom
            """)
    void badInputIsRefusedWithTheFieldAndTheRemedy(String what, String spec, String field, String remedy) {
        Kubectl.Answer answer = apply("bad", spec);

        assertThat(answer.status()).as(what).isBetween(400, 499);
        assertThat(answer.message()).contains(field).contains(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "this-name-has-more-than-forty-characters-x, at most 40 characters",
        "a.b, must be a DNS label",
        "1a, must begin with a letter"
    })
    void namesMustBeFitToMakeNamesFrom(String name, String remedy) {
        Kubectl.Answer answer = apply(name, "{discoveryHandler: {name: a}, instanceServiceSpec: {ports: [{port: 1}]}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message()).contains("metadata.name").contains(remedy);
    }

    @Test
    void fieldsOfNewerPodSpecsAreKept() {
        Kubectl.Answer answer = apply(
                "newer",
                "{discoveryHandler: {name: a}, brokerSpec: {brokerPodSpec: {future: {a: 1}, containers: [{name: a, image: b, futureToo: x}]}}}");

        assertThat(answer.status()).isBetween(200, 201);
        assertThat(Json.at(answer.body(), "spec", "brokerSpec", "brokerPodSpec"))
                .isEqualTo(
                        JsonParser.parseString(
                                "{\"future\": {\"a\": 1}, \"containers\": [{\"name\": \"a\", \"image\": \"b\", \"futureToo\": \"x\"}]}"));
    }

    @Test
    void whatIsLeftOutGetsItsDefault() {
        Kubectl.Answer answer = apply("defaults", "{discoveryHandler: {name: a}}");

        assertThat(Json.object(answer.body(), "spec")).isEqualTo(JsonParser.parseString("""
                {"discoveryHandler": {"name": "a", "discoveryDetails": ""}, "capacity": 1, "gracePeriod": "10s",
                 "admission": "Automatic", "exposure": "DevicePlugin", "deviceResources": "PerDevice"}
                """));
    }

    private static Kubectl.Answer apply(String name, String spec) {
        return kubectl.create(
                "/apis/petiole.dev/v1alpha1/namespaces/default/configurations?dryRun=All",
                "{apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: %s, namespace: default}, spec: %s}"
                        .formatted(name, spec));
    }
}
