package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WsDiscoveryTests {

    @Test
    void answerIsRead() throws MalformedMessage {
        var matches = (DiscoveryMessage.Matches) parse("probe-matches");

        assertThat(matches.relatesTo()).isEqualTo("urn:uuid:11111111-2222-3333-4444-555555555555");
        assertThat(matches.announcements()).singleElement().satisfies(it -> {
            assertThat(it.uuid()).isEqualTo("cf2b6a2e-7c1d-4b3a-9e11-00408c1a2b3c");
            assertThat(it.xaddrs())
                    .containsExactly(
                            "http://192.0.2.31/onvif/device_service",
                            "https://192.0.2.31/onvif/device_service",
                            "http://[fe80::240:8cff:fe1a:2b3c]/onvif/device_service");
            assertThat(it.scopes()).hasSize(7).contains("onvif://www.onvif.org/name/Gate%20camera");
            assertThat(it.metadataVersion()).isEqualTo("10");
        });
    }

    @Test
    void scopesTellNamePlaceHardwareAndMacAddress() throws MalformedMessage {
        var matches = (DiscoveryMessage.Matches) parse("probe-matches");
        var scopes = new Scopes(matches.announcements().getFirst().scopes());

        assertThat(scopes.findName()).contains("Gate camera");
        assertThat(scopes.findHardware()).contains("Q1786-LE");
        assertThat(scopes.findLocation()).contains("country/nl, dock 3");
        assertThat(scopes.macAddresses()).containsExactly("00:40:8c:1a:2b:3c");
    }

    /// Akri's own probe has the same mistake.
    @Test
    void prefixThatWasNotDeclaredIsUnderstood() throws MalformedMessage {
        assertThat(parse("probe-matches-undeclared-prefix"))
                .isEqualTo(new DiscoveryMessage.Matches(
                        "uuid:1",
                        List.of(new Announcement(
                                "old-camera_7",
                                List.of(),
                                List.of("http://192.0.2.7:2020/onvif/device_service"),
                                ""))));
    }

    @Test
    void helloAndByeNameTheSameDevice() throws MalformedMessage {
        assertThat(parse("hello"))
                .isEqualTo(new DiscoveryMessage.Hello(
                        "urn:uuid:hello-1",
                        new Announcement("abc", List.of(), List.of("http://192.0.2.9/onvif/device_service"), "1")));
        assertThat(parse("bye")).isEqualTo(new DiscoveryMessage.Bye("urn:uuid:bye-1", "abc"));
    }

    @Test
    void othersAreIrrelevant() throws MalformedMessage {
        assertThat(parse("hello-of-a-printer")).isInstanceOf(DiscoveryMessage.Irrelevant.class);
        assertThat(WsDiscovery.parse(WsDiscovery.probe("urn:uuid:1", WsDiscovery.Kind.DEVICE)))
                .isInstanceOf(DiscoveryMessage.Irrelevant.class);
        assertThat(parse("device-information")).isInstanceOf(DiscoveryMessage.Irrelevant.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tds:Device                     | true
        dn:NetworkVideoTransmitter     | true
        x:Other tds:Device             | true
        ''                             | true
        tds:NetworkVideoTransmitter    | false
        dn:Device                      | false
        wsdp:Device                    | false
        Device                         | false
        NetworkVideoTransmitter        | true
        """)
    void typesDecideWhatIsAnOnvifDevice(String types, boolean isOne) throws MalformedMessage {
        String hello = new String(Samples.bytes("hello"), StandardCharsets.UTF_8)
                .replace(
                        ">tds:Device<",
                        " xmlns:dn='http://www.onvif.org/ver10/network/wsdl'"
                                + " xmlns:wsdp='http://schemas.xmlsoap.org/ws/2006/02/devprof'>" + types + "<");

        DiscoveryMessage message = WsDiscovery.parse(hello.getBytes(StandardCharsets.UTF_8));

        assertThat(message instanceof DiscoveryMessage.Hello).isEqualTo(isOne);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http://www.w3.org/2003/05/soap-envelope           | http://schemas.xmlsoap.org/soap/envelope/
        http://schemas.xmlsoap.org/ws/2005/04/discovery   | http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01
        http://schemas.xmlsoap.org/ws/2004/08/addressing  | http://www.w3.org/2005/08/addressing
        """)
    void messageOfAnotherNamespaceIsNotTakenForOne(String namespace, String other) {
        String bye = new String(Samples.bytes("bye"), StandardCharsets.UTF_8).replace(namespace, other);
        DiscoveryMessage message;
        try {
            message = WsDiscovery.parse(bye.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessage _) {
            return;
        }
        assertThat(message).isInstanceOf(DiscoveryMessage.Irrelevant.class);
    }

    @ParameterizedTest
    @CsvSource({"urn:uuid:", "http://evil.example/ x", "<x/>", "a b", "ünïcode"})
    void endpointThatIsNoNameIsIgnored(String address) throws MalformedMessage {
        String bye = new String(Samples.bytes("bye"), StandardCharsets.UTF_8).replace("urn:uuid:ABC", address);

        assertThat(WsDiscovery.parse(bye.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DiscoveryMessage.Irrelevant.class);
    }

    @Test
    void listsAreCut() throws MalformedMessage {
        String xaddrs =
                IntStream.range(0, 5_000).mapToObj(i -> "http://h" + i + "/").collect(Collectors.joining(" "));
        String hello = new String(Samples.bytes("hello"), StandardCharsets.UTF_8)
                .replace("http://192.0.2.9/onvif/device_service", xaddrs);

        var message = (DiscoveryMessage.Hello) WsDiscovery.parse(hello.getBytes(StandardCharsets.UTF_8));

        assertThat(message.announcement().xaddrs()).hasSize(8);
    }

    @Test
    void emptyBodyIsMalformed() {
        assertThatExceptionOfType(MalformedMessage.class)
                .isThrownBy(() -> Soap.parse(("<s:Envelope xmlns:s='" + Soap.NAMESPACE + "'><s:Body/></s:Envelope>")
                        .getBytes(StandardCharsets.UTF_8)))
                .withMessage("empty SOAP body");
    }

    @Test
    void probesAskForBothTypesAndCarryTheirId() throws MalformedMessage {
        for (WsDiscovery.Kind kind : WsDiscovery.Kind.values()) {
            XmlElement envelope = Soap.envelope(WsDiscovery.probe("urn:uuid:7", kind));

            assertThat(envelope.textAt("Header", "MessageID")).isEqualTo("urn:uuid:7");
            assertThat(envelope.textAt("Body", "Probe", "Types"))
                    .isEqualTo(
                            switch (kind) {
                                case DEVICE -> "tds:Device";
                                case VIDEO_TRANSMITTER -> "dn:NetworkVideoTransmitter";
                                case ANY -> "";
                            });
        }
    }

    private static DiscoveryMessage parse(String sample) throws MalformedMessage {
        return WsDiscovery.parse(Samples.bytes(sample));
    }
}
