package dev.petiole.samples.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleUrlTests {

    @Test
    void givenUrlWins() {
        assertThat(ScaleUrl.of("opc.tcp://a:1/", Map.of("OPCUA_DISCOVERY_URL", "opc.tcp://b:1/")))
                .isEqualTo(new ScaleUrl("opc.tcp://a:1/"));
    }

    @Test
    void plainVariableComesBeforeTheOneWithTheHash() {
        assertThat(ScaleUrl.of(
                        "",
                        Map.of(
                                "OPCUA_DISCOVERY_URL_ABCDEFGHIJ", "opc.tcp://hashed:1/",
                                "OPCUA_DISCOVERY_URL", "opc.tcp://plain:1/")))
                .isEqualTo(new ScaleUrl("opc.tcp://plain:1/"));
    }

    @Test
    void variableWithTheHashWillDo() {
        assertThat(ScaleUrl.of("", Map.of("OPCUA_DISCOVERY_URL_AB3", "opc.tcp://hashed:1/", "PATH", "/bin")))
                .isEqualTo(new ScaleUrl("opc.tcp://hashed:1/"));
    }

    @Test
    void absenceIsExplained() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ScaleUrl.of("", Map.of()))
                .withMessageContaining("does the container request a device");
    }

    @Test
    void otherProtocolIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScaleUrl("https://scale/"))
                .withMessageContaining("opc.tcp://");
    }
}
