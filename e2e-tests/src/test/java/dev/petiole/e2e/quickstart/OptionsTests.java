package dev.petiole.e2e.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.petiole.e2e.quickstart.Options.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTests {

    @Test
    void nothingMeansUp() {
        assertThat(Options.parse()).isEqualTo(new Options(new Action.Up(), false));
        assertThat(Options.parse("--current-context")).isEqualTo(new Options(new Action.Up(), true));
    }

    @Test
    void scalesAreNamed() {
        assertThat(Options.parse("unplug", "scale-2").action()).isEqualTo(new Action.Unplug("scale-2"));
        assertThat(Options.parse("plug", "scale-2").action()).isEqualTo(new Action.Plug("scale-2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "plug", "unplug", "plug --all", "down scale-2", "unplug a b"})
    void anythingElseIsAnsweredWithTheUsage(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(line.split(" ")))
                .withMessage(Options.USAGE);
    }
}
