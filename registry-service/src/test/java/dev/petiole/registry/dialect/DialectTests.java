package dev.petiole.registry.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTests {

    private static final Dialect PETIOLE = Dialect.find("petiole.dev").orElseThrow();
    private static final Dialect AKRI = Dialect.find("akri.sh").orElseThrow();

    /// RFC 7693 Appendix A has `abc` for 64 bytes only; these values are those of Python's hashlib.
    @ParameterizedTest
    @CsvSource({
        "0, 0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
        "1, 03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
        "127, f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72",
        "128, c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1",
        "129, f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9",
        "255, d9ef0fc521b4266d16df662bec231bc2ec3989e7adeaf63169c295dc239dbbea",
        "256, 582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24",
        "1000, b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331"
    })
    void digestsAreThoseOfBlake2b(int length, String expected) {
        var message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i % 251);
        }

        assertThat(HexFormat.of().formatHex(Blake2b.digest(message, 32))).isEqualTo(expected);
    }

    /// Computed independently (Python: hashlib, base64, struct): clients and other registries depend on them.
    @Test
    void namesNeverChange() {
        assertThat(PETIOLE.deviceName("scales", "debugEcho", "a", null)).isEqualTo("scales-umu3s6fruz");
        assertThat(PETIOLE.deviceName("scales", "debugEcho", "a", "n1")).isEqualTo("scales-qh74jnrytv");
        assertThat(PETIOLE.deviceName("kamera", "onvif", "urn:uuid:ä", null)).isEqualTo("kamera-77wdjvjifk");
    }

    @Test
    void partsAreNotConfusedWithEachOther() {
        assertThat(PETIOLE.deviceName("c", "ab", "c", null)).isNotEqualTo(PETIOLE.deviceName("c", "a", "bc", null));
    }

    /// Akri's own test vectors, and others computed independently (Python: hashlib.blake2b with digest_size=3).
    @ParameterizedTest
    @CsvSource({
        "my_local_device, my_node, e77db4",
        "my_local_device, my_other_node, 099763",
        "my_shared_device, , 4294ea",
        "foo0, , 8120fe",
        "foo1, , a19705",
        "bar0, , d46b65",
        "bar1, , ab76e6"
    })
    void akrisNamesAreThoseOfAkri(String identity, String node, String hash) {
        assertThat(AKRI.deviceName("conf", "debugEcho", identity, node)).isEqualTo("conf-" + hash);
        assertThat(AKRI.deviceName("conf", "another", identity, node)).isEqualTo("conf-" + hash);
    }

    @Test
    void akrisConfigurationsMayHaveDotsButMustFitIntoAResource() {
        assertThat(AKRI.findFault("cameras.hall-1")).isEmpty();
        assertThat(AKRI.findFault("a".repeat(56))).isEmpty();
        assertThat(AKRI.findFault("a".repeat(57)))
                .hasValueSatisfying(fault -> assertThat(fault).contains("at most 56"));
        assertThat(AKRI.findFault("Cameras")).isPresent();
    }

    @Test
    void noOtherGroupIsServed() {
        assertThat(Dialect.find("example.com")).isEmpty();
    }
}
