package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.YamlDetails;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpcUaDetailsTests {

    @Test
    void akrisExampleIsUnderstood() {
        OpcUaQuery query = query("""
                opcuaDiscoveryMethod:
                  standard:
                    discoveryUrls: ["opc.tcp://localhost:4840/", "opc.tcp://[fe80::1]:48010/UA/Server"]
                applicationNames: {action: Exclude, items: []}
                """);

        assertThat(query.urls())
                .containsExactly(
                        new DiscoveryUrl("localhost", 4840, "/"), new DiscoveryUrl("[fe80::1]", 48010, "/UA/Server"));
        assertThat(query.applicationNames().accepts("any")).isTrue();
        assertThat(query.pollInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(query.timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void urlsDefaultToTheLocalDiscoveryServer() {
        assertThat(query("opcuaDiscoveryMethod: {standard: {}}").urls())
                .containsExactly(new DiscoveryUrl("localhost", 4840, "/"));
    }

    @Test
    void includeIsTheDefaultAndWithoutItemsNothingPasses() {
        ApplicationNameFilter filter = query("{opcuaDiscoveryMethod: {standard: {}}, applicationNames: {items: []}}")
                .applicationNames();

        assertThat(filter.accepts("any")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        pollInterval: 5s                                                          | opcuaDiscoveryMethod: missing
        opcuaDiscoveryMethod: {}                                                  | opcuaDiscoveryMethod: missing
        opcuaDiscoveryMethod: {standard: {discoveryUrls: []}}                     | standard.discoveryUrls: 0 URLs
        opcuaDiscoveryMethod: {standard: {discoveryUrls: ["http://h:4840/"]}}     | discoveryUrls[0]: 'http://h:4840/' is not an OPC UA URL
        opcuaDiscoveryMethod: {standard: {discoveryUrls: ["opc.tcp://h/"]}}       | discoveryUrls[0]: 'opc.tcp://h/' has no port
        opcuaDiscoveryMethod: {standard: {discoveryUrls: ["opc.tcp://h:70000/"]}} | discoveryUrls[0]: 'opc.tcp://h:70000/' is not
        opcuaDiscoveryMethod: {standard: {discoveryUrls: ["opc.tcp://:4840/"]}}   | discoveryUrls[0]: 'opc.tcp://:4840/' is not
        {opcuaDiscoveryMethod: {standard: {}}, applicationNames: {}}              | applicationNames.items: missing
        {opcuaDiscoveryMethod: {standard: {}}, applicationNames: {items: [], action: Maybe}} | applicationNames.action
        {opcuaDiscoveryMethod: {standard: {}}, pollInterval: soon}                | pollInterval: 'soon' (expected: a duration
        {opcuaDiscoveryMethod: {standard: {}}, pollInterval: 1ms}                 | pollInterval: '1ms' (expected: a duration
        {opcuaDiscoveryMethod: {standard: {}}, timeout: 2d}                       | timeout: '2d' (expected: a duration
        """)
    void badDetailIsNamed(String details, String message) {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> query(details))
                .withMessageStartingWith("discoveryDetails.")
                .withMessageContaining(message);
    }

    private static OpcUaQuery query(String details) {
        return YamlDetails.read(details, OpcUaDetails.class).toQuery();
    }
}
