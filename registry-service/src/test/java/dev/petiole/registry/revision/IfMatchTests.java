package dev.petiole.registry.revision;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petiole.registry.problem.InvalidFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTests {

    private static final ResourceVersion CHANGED = new ResourceVersion("abc", 5);
    private static final long PRESENT = 8;

    @ParameterizedTest
    @ValueSource(strings = {"\"abc-8\"", "*", " * ", "\"abc-8\" , \"x\"", "\"x\",\"abc-8\"", "\"abc-5\"", "\"abc-6\""})
    void whoHasSeenTheLastEditMayChangeIt(String header) {
        assertThatCode(() -> demand(header)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc-4\"", "\"xyz-8\"", "\"abc-9\"", "\"\"", "\"what\"", "W/\"abc-8\""})
    void anyOtherTagIsStale(String header) {
        assertThatThrownBy(() -> demand(header)).isInstanceOf(PreconditionFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "abc-8", "\"abc-8", "\"abc-8\" \"x\"", "\"a\",b"})
    void whatIsNoTagIsSaidToBeNone(String header) {
        assertThatThrownBy(() -> demand(header))
                .isInstanceOf(InvalidFields.class)
                .hasMessageStartingWith("If-Match");
    }

    @Test
    void aBlindChangeIsRefused() {
        assertThatThrownBy(() -> demand(null)).isInstanceOf(PreconditionRequired.class);
    }

    @Test
    void nothingCanBeSeenWhereNothingIs() {
        assertThatThrownBy(() -> IfMatch.header("*").demandNone("device x")).isInstanceOf(PreconditionFailed.class);
        assertThatCode(() -> IfMatch.header(null).demandNone("device x")).doesNotThrowAnyException();
    }

    private static void demand(@Nullable String header) {
        IfMatch.header(header).demand("device x", CHANGED, PRESENT);
    }
}
