package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.discovery.handler.AddressRange;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.YamlDetails;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnvifDetailsTests {

    @Test
    void akrisExampleIsUnderstood() {
        OnvifQuery query = query("""
                ipAddresses:  {action: Exclude, items: [10.0.0.1]}
                macAddresses: {action: Exclude, items: []}
                scopes:       {action: Include, items: ["onvif://www.onvif.org/name/GreatONVIFCamera"]}
                uuids:        {action: Exclude, items: []}
                discoveryTimeoutSeconds: 2
                """);

        assertThat(query.answerWindow()).isEqualTo(Duration.ofSeconds(2));
        assertThat(query.probeInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(query.accepts(camera("onvif://www.onvif.org/name/GreatONVIFCamera"), address("10.0.0.2")))
                .isTrue();
        assertThat(query.accepts(camera("onvif://www.onvif.org/name/GreatONVIFCamera"), address("10.0.0.1")))
                .isFalse();
        assertThat(query.accepts(camera("onvif://www.onvif.org/name/Other"), address("10.0.0.2")))
                .isFalse();
    }

    @Test
    void nothingNeedBeGiven() {
        OnvifQuery query = query("");

        assertThat(query.answerWindow()).isEqualTo(Duration.ofSeconds(1));
        assertThat(query.addresses()).isEmpty();
        assertThat(query.accepts(camera(), address("10.0.0.1"))).isTrue();
        assertThat(query.acceptsMacAddresses(List.of())).isTrue();
    }

    @Test
    void itemsAreComparedByWhatTheyMean() {
        OnvifQuery query = query("""
                uuids: {items: ["urn:uuid:ABC"]}
                ipAddresses: {items: ["fe80:0:0::1"]}
                macAddresses: {items: ["00-40-8C-1A-2B-3C"]}
                """);

        assertThat(query.accepts(camera(), address("fe80::1"))).isTrue();
        assertThat(query.acceptsMacAddresses(List.of("aa:aa:aa:aa:aa:aa", "00:40:8c:1a:2b:3c")))
                .isTrue();
    }

    /// Akri's semantics; `-` stands for a value that can't be read.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Include | a b | a   | true
        Include | a b | b c | true
        Include | a b | c   | false
        Include | a b | -   | false
        Include |     | a   | false
        Include |     | -   | false
        Exclude | a b | a   | false
        Exclude | a b | b c | false
        Exclude | a b | c   | true
        Exclude | a b | -   | false
        Exclude |     | a   | true
        Exclude |     | -   | true
        """)
    void filters(ValueFilter.Action action, @Nullable String items, String values, boolean kept) {
        var filter = new ValueFilter(action, items == null ? Set.of() : Set.copyOf(Arrays.asList(items.split(" "))));

        boolean isAccepted =
                values.equals("-") ? filter.acceptsUnknown() : filter.accepts(Arrays.asList(values.split(" ")));

        assertThat(isAccepted).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        ipAddresses: {}                          | ipAddresses.items: missing (expected: a list, each entry an IP address)
        ipAddresses: {items: [camera]}           | ipAddresses.items[0]: 'camera' (expected: an IP address)
        ipAddresses: {items: [10.0.0.1, 10.1]}   | ipAddresses.items[1]: '10.1'
        macAddresses: {items: [00:40:8c]}        | macAddresses.items[0]: '00:40:8c' (expected: a MAC address
        scopes: {items: [""]}                    | scopes.items[0]: empty (expected: a scope)
        uuids: {items: [a, ~]}                   | uuids.items[1]: empty (expected: a UUID)
        uuids: {items: [a], action: Maybe}       | uuids.action
        uuids: {item: [a]}                       | uuids.item: unknown field (known fields: action, items)
        discoveryTimeoutSeconds: 0               | discoveryTimeoutSeconds: 0 (expected: 1 to 60)
        discoveryTimeoutSeconds: 61              | discoveryTimeoutSeconds: 61 (expected: 1 to 60)
        discoveryTimeoutSeconds: soon            | discoveryTimeoutSeconds
        probeInterval: 10ms                      | probeInterval: '10ms' (expected: a duration from 1s to 1h, such as 10s)
        probeInterval: often                     | probeInterval: 'often' (expected: a duration
        addresses: [camera.local]                | addresses[0]: 'camera.local' (expected: an IP address or a CIDR such as
        addresses: [10.0.0.0/33]                 | addresses[0]: '10.0.0.0/33' (expected: an IP address or a CIDR such as
        addresses: [239.255.255.250]             | addresses[0]: '239.255.255.250' (expected
        addresses: [10.0.0.0/8]                  | addresses[0]: '10.0.0.0/8': too many addresses (expected: at most 4096 in all)
        addresses: [10.0.0.0/20, 10.1.0.0/20]    | addresses: too many addresses (expected: at most 4096 in all)
        """)
    void badDetailIsNamed(String details, String message) {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> query(details.replace(", ~]", ", null]")))
                .withMessageStartingWith("discoveryDetails.")
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7, 1",
        "10.0.0.7/32, 10.0.0.7, 1",
        "10.0.0.7/31, 10.0.0.6, 2",
        "10.0.0.7/30, 10.0.0.5, 2",
        "10.0.0.200/24, 10.0.0.1, 254",
        "10.0.15.255/20, 10.0.0.1, 4094",
        "fd00::ff/124, fd00:0:0:0:0:0:0:f0, 16"
    })
    void rangesLeaveOutNetworkAndBroadcastAddresses(String text, String first, int count) {
        AddressRange range = AddressRange.parse(text).orElseThrow();

        assertThat(range.addresses()).hasSize(count).doesNotHaveDuplicates();
        assertThat(range.first().getHostAddress()).isEqualTo(first);
    }

    private static OnvifQuery query(String details) {
        return YamlDetails.read(details, OnvifDetails.class).toQuery();
    }

    private static Announcement camera(String... scopes) {
        return new Announcement("abc", List.of(scopes), List.of(), "");
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
