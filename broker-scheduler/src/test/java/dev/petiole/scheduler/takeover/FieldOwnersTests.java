package dev.petiole.scheduler.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldOwnersTests {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");

    /// Else the items of a former owner's would stay for ever: an apply takes away only what its manager
    /// alone owns.
    @Test
    void petioleGetsAllThatTheFormerOwnersHad() {
        JsonObject object = json("""
                {'apiVersion': 'akri.sh/v0', 'metadata': {'managedFields': [
                  {'manager': 'a', 'operation': 'Apply', 'fieldsV1': {'f:spec': {'f:nodes': {'v:"a"': {}}, 'f:capacity': {}}}},
                  {'manager': 'b', 'operation': 'Apply', 'fieldsV1': {'f:spec': {'f:nodes': {'v:"b"': {}}}}},
                  {'manager': 'petiole', 'operation': 'Apply', 'fieldsV1': {'f:spec': {'f:shared': {}}}},
                  {'manager': 'petiole', 'operation': 'Apply', 'subresource': 'status', 'fieldsV1': {'f:status': {}}},
                  {'manager': 'person', 'operation': 'Update', 'fieldsV1': {'f:metadata': {'f:labels': {}}}}]}}
                """);

        var owners = FieldOwners.toPetiole(
                object, entry -> Json.text(entry, "manager").length() == 1, NOW);

        assertThat(owners).hasSize(3);
        assertThat(Json.text(owners.get(0), "subresource")).isEqualTo("status");
        assertThat(Json.text(owners.get(1), "manager")).isEqualTo("person");
        assertThat(owners.get(2)).isEqualTo(json("""
                {'manager': 'petiole', 'operation': 'Apply', 'apiVersion': 'akri.sh/v0', 'time': '2026-11-24T12:00:00Z',
                 'fieldsType': 'FieldsV1', 'fieldsV1':
                   {'f:spec': {'f:nodes': {'v:"a"': {}, 'v:"b"': {}}, 'f:capacity': {}, 'f:shared': {}}}}
                """));
    }

    @Test
    void petioleGivesUpAllThatItHad() {
        JsonObject object = json("""
                {'apiVersion': 'akri.sh/v0', 'metadata': {'managedFields': [
                  {'manager': 'petiole', 'operation': 'Apply', 'fieldsV1': {'f:spec': {}}},
                  {'manager': 'petiole', 'operation': 'Apply', 'subresource': 'status', 'fieldsV1': {'f:status': {}}}]}}
                """);

        var owners = FieldOwners.fromPetiole(object, Map.of("a", json("{'f:spec': {'f:capacity': {}}}")), NOW);

        assertThat(owners).hasSize(1);
        assertThat(Json.text(owners.get(0), "manager")).isEqualTo("a");
        assertThat(Json.at(owners.get(0), "fieldsV1", "f:spec", "f:capacity")).isNotNull();
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
