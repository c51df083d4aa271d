package dev.petiole.registry.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTests {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "'', abc",
        "abc, ''",
        "abc, abc",
        "abc, abd",
        "aaa, aaaa",
        "aaaa, aaa",
        "'{\"a\":1,\"b\":2}', '{\"a\":1,\"c\":3,\"b\":2}'",
        "'1,2', '3,4'"
    })
    void makesTheTargetOfTheBase(String base, String target) {
        assertThat(Patch.apply(base, Patch.between(base, target))).isEqualTo(target);
    }

    @Test
    void holdsForAnyTwoTexts() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            String base = text(random);
            String target = text(random);

            assertThat(Patch.apply(base, Patch.between(base, target))).isEqualTo(target);
        }
    }

    /// What makes the log small.
    @Test
    void isShortWhereTheTextsAreMuchAlike() {
        String body = "{\"name\":\"scales-umu3s6fruz\",\"presence\":\"%s\",\"properties\":{\"A\":\"" + "x".repeat(500)
                + "\"}}";

        assertThat(Patch.between(body.formatted("ONLINE"), body.formatted("MISSING")))
                .hasSizeLessThan(30);
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(12), 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
