package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpcUaServersTests {

    private static final DiscoveryUrl ASKED = new DiscoveryUrl("10.0.0.7", 4840, "/");
    private static final EndpointFacts NOTHING = new EndpointFacts(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

    @Test
    void firstOpcTcpUrlCounts() {
        Application server = server("urn:a", "https://plc:443/", "opc.tcp://plc:4840/a", "opc.tcp://plc:4841/b");

        assertThat(OpcUaServers.findUrl(server, ASKED, (_, _) -> true)).contains(new DiscoveryUrl("plc", 4840, "/a"));
    }

    @Test
    void portDefaultsToTheRegisteredOne() {
        assertThat(OpcUaServers.findUrl(server("urn:a", "opc.tcp://plc"), ASKED, (_, _) -> true))
                .contains(new DiscoveryUrl("plc", 4840, ""));
    }

    /// A server that was set up at a desk advertises `localhost` for ever.
    @Test
    void loopbackOfAnotherMachineIsReplaced() {
        assertThat(OpcUaServers.findUrl(server("urn:a", "opc.tcp://localhost:48010/UA"), ASKED, Hosts.RESOLVED))
                .contains(new DiscoveryUrl("10.0.0.7", 48010, "/UA"));
    }

    @Test
    void serverWithoutOpcTcpIsNoneOfOurs() {
        assertThat(OpcUaServers.findUrl(server("urn:a", "https://plc/"), ASKED, (_, _) -> true))
                .isEmpty();
    }

    @Test
    void serverWithoutUriIsKnownByItsUrl() {
        assertThat(OpcUaServers.device(server(""), ASKED, NOTHING).identity()).isEqualTo("opc.tcp://10.0.0.7:4840/");
    }

    /// Akri's hash is of the URL as it is spelled.
    @Test
    void serverIsFoundAtItsUrlAsItSpellsIt() {
        var url = new DiscoveryUrl("plc", 4840, "/");

        assertThat(OpcUaServers.device(server("urn:a", "https://plc", "opc.tcp://PLC:4840"), url, NOTHING)
                        .locator())
                .isEqualTo("opc.tcp://PLC:4840");
        assertThat(OpcUaServers.device(server("urn:a", "opc.tcp://localhost:4840"), url, NOTHING)
                        .locator())
                .isEqualTo("opc.tcp://plc:4840/");
    }

    @Test
    void hostileTextIsTamed() {
        assertThat(OpcUaServers.device(server("urn:\0a\n" + "x".repeat(5000)), ASKED, NOTHING)
                        .properties()
                        .get("OPCUA_APPLICATION_URI"))
                .hasSize(1024)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    private static Application server(String uri, String... urls) {
        return new Application(uri, "name", "", true, false, List.of(urls));
    }
}
