package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTests {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
        *          ; anything   ; true
        *          ; ~~         ; true
        ?          ; ~~         ; false
        a*c        ; abbbc      ; true
        a*c        ; abbbd      ; false
        *a*b*      ; xxaxxbxx   ; true
        a*b        ; a/x/b      ; true
        [a-c]x     ; bx         ; true
        [a-c]x     ; dx         ; false
        [!a-c]x    ; dx         ; true
        []]        ; ]          ; true
        [!]]       ; ]          ; false
        [a-]       ; -          ; true
        [abc       ; [abc       ; true
        \\*x*      ; *xyz       ; true
        \\*x*      ; axyz       ; false
        a|b*       ; bc         ; true
        a|b*       ; c          ; false
        |a         ; ~~         ; true
        a          ; ~~         ; false
        """)
    void matchesAsFnmatchDoes(String pattern, String text, boolean isMatch) {
        assertThat(Glob.of(pattern).matches(text)).isEqualTo(isMatch);
    }

    /// With a backtracking matcher this takes for ever.
    @Test
    void hostilePatternIsNotExpensive() {
        Glob glob = Glob.of("*a".repeat(500) + "b");

        assertThatNoException()
                .isThrownBy(() -> Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(5), () -> glob.matches("a".repeat(20_000))));
    }
}
