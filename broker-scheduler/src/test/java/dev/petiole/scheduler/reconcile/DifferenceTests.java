package dev.petiole.scheduler.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;
import org.junit.jupiter.api.Test;

class DifferenceTests {

    private static final JsonObject SERVICE = json("""
            {"apiVersion": "v1", "kind": "Service", "metadata": {"labels": {"a": "b"}},
             "spec": {"ports": [{"port": 80}], "selector": {"x": "y"}}}
            """);
    private static final JsonObject POD = json("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": "b"}},
             "spec": {"containers": [{"name": "c", "image": "i:1", "env": [{"name": "E", "value": "1"}]}]}}
            """);

    @Test
    void whatTheApiServerAddsIsNoDifference() {
        assertThat(Difference.isAsWanted(json("""
                {"apiVersion": "v1", "kind": "Service", "metadata": {"uid": "u", "labels": {"a": "b", "own": "label"}},
                 "spec": {"clusterIP": "10.0.0.1", "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
                          "selector": {"x": "y"}}}
                """), SERVICE)).isTrue();
    }

    @Test
    void aChangedValueAMissingLabelAndAnAddedPortAreDifferences() {
        assertThat(Difference.isAsWanted(changed(SERVICE, "\"y\"", "\"z\""), SERVICE))
                .isFalse();
        assertThat(Difference.isAsWanted(changed(SERVICE, "\"a\":\"b\"", ""), SERVICE))
                .isFalse();
        assertThat(Difference.isAsWanted(changed(SERVICE, "{\"port\":80}", "{\"port\":80},{\"port\":81}"), SERVICE))
                .isFalse();
    }

    /// An Instance's properties are all Petiole's: what someone adds goes.
    @Test
    void anAddedPropertyOfAnInstanceIsADifference() {
        JsonObject instance = json("""
                {"apiVersion": "petiole.dev/v1alpha1", "kind": "Instance", "spec": {"brokerProperties": {"A": "1"}}}
                """);

        assertThat(Difference.isAsWanted(changed(instance, "\"A\":\"1\"", "\"A\":\"1\",\"B\":\"2\""), instance))
                .isFalse();
    }

    @Test
    void aSlotOfAnInstanceThatIsHeldNoMoreIsADifference() {
        JsonObject instance = json("""
                {"apiVersion": "akri.sh/v0", "kind": "Instance", "spec": {"deviceUsage": {"a-0": "node1"}}}
                """);

        assertThat(Difference.isAsWanted(
                        changed(instance, "\"a-0\":\"node1\"", "\"a-0\":\"node1\",\"a-1\":\"node2\""), instance))
                .isFalse();
    }

    @Test
    void ofAPodOnlyMetadataAndImagesAreCompared() {
        assertThat(Difference.isAsWanted(changed(POD, "\"value\":\"1\"", "\"value\":\"2\""), POD))
                .isTrue();
        assertThat(Difference.isAsWanted(changed(POD, "i:1", "i:2"), POD)).isFalse();
        assertThat(Difference.isAsWanted(changed(POD, "\"a\":\"b\"", ""), POD)).isFalse();
    }

    @Test
    void aPodIsAppliedWithTheSpecItHasSinceItCannotBeChanged() {
        JsonObject live = json("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"uid": "u"},
                 "spec": {"nodeName": "node1", "containers": [{"name": "c", "image": "i:2"}]}}
                """);

        JsonObject body = Difference.toApply(POD, live);

        assertThat(Json.text(body, "metadata", "uid")).isEqualTo("u");
        assertThat(Json.text(body, "metadata", "labels", "a")).isEqualTo("b");
        assertThat(Json.object(body, "spec")).isEqualTo(json("""
                {"nodeName": "node1", "containers": [{"name": "c", "image": "i:1"}]}
                """));
    }

    private static JsonObject changed(JsonObject object, String from, String to) {
        return json(object.toString().replace(from, to));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
