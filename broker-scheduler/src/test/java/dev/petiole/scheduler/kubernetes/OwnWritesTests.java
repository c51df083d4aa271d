package dev.petiole.scheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnWritesTests {

    private static final ObjectKey KEY = new ObjectKey(Resource.POD, "shop", "broker");

    private final List<Runnable> later = new ArrayList<>();
    private final List<JsonObject> neverEchoed = new ArrayList<>();
    private final OwnWrites writes = new OwnWrites((_, object) -> neverEchoed.add(object), later::add);

    @Test
    void whatWasMadeIsSeenBeforeItsEcho() {
        JsonObject made = pod("u1", 5);
        writes.applied(KEY, made);

        assertThat(writes.overlay(KEY, null)).isEqualTo(made);
        assertThat(writes.overlay(Resource.POD, List.of(), _ -> true)).containsExactly(made);
        assertThat(writes.overlay(Resource.JOB, List.of(), _ -> true)).isEmpty();
    }

    @Test
    void anOlderEchoDoesNotHideWhatWasWrittenAndANewerOneDoes() {
        JsonObject written = pod("u1", 5);
        writes.applied(KEY, written);

        JsonObject older = pod("u1", 4);
        writes.echoed(KEY, older, false);
        assertThat(writes.overlay(KEY, older)).isEqualTo(written);

        JsonObject newer = pod("u1", 6);
        writes.echoed(KEY, newer, false);
        assertThat(writes.overlay(KEY, newer)).isEqualTo(newer);
    }

    @Test
    void whatWasDeletedIsSeenAsEndingUntilItIsGone() {
        JsonObject live = pod("u1", 5);
        writes.deleted(KEY, live);

        JsonObject statusChange = pod("u1", 6);
        writes.echoed(KEY, statusChange, false);
        assertThat(Json.at(writes.overlay(KEY, statusChange), "metadata", "deletionTimestamp"))
                .isNotNull();

        writes.echoed(KEY, pod("u1", 7), true);
        assertThat(writes.overlay(KEY, null)).isNull();
    }

    @Test
    void aSuccessorOfTheSameNameIsSeen() {
        writes.deleted(KEY, pod("u1", 5));

        JsonObject successor = pod("u2", 9);
        writes.echoed(KEY, successor, false);

        assertThat(writes.overlay(KEY, successor)).isEqualTo(successor);
    }

    /// Else what was decided because of it would stay undone for ever.
    @Test
    void aWriteWhoseEchoNeverComesIsForgottenAndTold() {
        writes.applied(KEY, pod("u1", 5));
        JsonObject second = pod("u1", 6);
        writes.applied(KEY, second);

        later.getFirst().run();
        assertThat(writes.overlay(KEY, null)).isEqualTo(second);
        assertThat(neverEchoed).isEmpty();

        later.getLast().run();
        assertThat(writes.overlay(KEY, null)).isNull();
        assertThat(neverEchoed).containsExactly(second);
    }

    @Test
    void nothingIsToldOfAWriteThatWasEchoed() {
        writes.applied(KEY, pod("u1", 5));
        writes.echoed(KEY, pod("u1", 5), false);

        later.forEach(Runnable::run);

        assertThat(neverEchoed).isEmpty();
    }

    @Test
    void whatTheApiServerDoesNotHaveIsForgottenAtOnce() {
        writes.applied(KEY, pod("u1", 5));

        writes.gone(KEY, "another");
        assertThat(writes.overlay(KEY, null)).isNotNull();
        writes.gone(KEY, "u1");
        assertThat(writes.overlay(KEY, null)).isNull();
    }

    /// The answer to a write and the object's end come on different threads.
    @Test
    void anAnswerThatComesAfterTheObjectsEndIsNoObject() {
        writes.echoed(KEY, pod("u1", 7), true);
        writes.applied(KEY, pod("u1", 6));
        assertThat(writes.overlay(KEY, null)).isNull();

        writes.deleted(KEY, pod("u1", 6));
        assertThat(writes.overlay(KEY, null)).isNull();

        JsonObject successor = pod("u2", 8);
        writes.applied(KEY, successor);
        assertThat(writes.overlay(KEY, null)).isEqualTo(successor);
    }

    @Test
    void anAnswerThatComesAfterTheApiServerDeniedTheObjectIsNoObject() {
        writes.gone(KEY, "u1");
        writes.applied(KEY, pod("u1", 5));

        assertThat(writes.overlay(KEY, null)).isNull();
    }

    private static JsonObject pod(String uid, long version) {
        return JsonParser.parseString("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"namespace": "shop", "name": "broker", "uid": "%s", "resourceVersion": "%d"}}
                """.formatted(uid, version)).getAsJsonObject();
    }
}
