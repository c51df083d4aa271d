package dev.petiole.registry.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petiole.registry.problem.InvalidFields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceVersionTests {

    @Test
    void whatIsWrittenCanBeRead() {
        var resourceVersion = new ResourceVersion("abc", 42);

        assertThat(resourceVersion).hasToString("abc-42");
        assertThat(ResourceVersion.parse("abc-42")).contains(resourceVersion);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "abc", "abc-", "-42", "abc--1", "abc-042", "a b-1", "abc-99999999999999999999"})
    void nothingElseIsOne(String text) {
        assertThat(ResourceVersion.parse(text)).isEmpty();
    }

    @Test
    void cursorsRememberTheKeyAndTheDatabase() {
        String cursor = Cursor.after(new ResourceVersion("abc", 42), List.of("petiole.dev", "default", "x"));

        assertThat(Cursor.parse(cursor, 3, "abc")).containsExactly("petiole.dev", "default", "x");
        assertThatThrownBy(() -> Cursor.parse(cursor, 3, "def")).isInstanceOf(Gone.class);
        assertThatThrownBy(() -> Cursor.parse(cursor, 1, "abc")).isInstanceOf(InvalidFields.class);
        assertThatThrownBy(() -> Cursor.parse("%%%", 3, "abc")).isInstanceOf(InvalidFields.class);
    }
}
