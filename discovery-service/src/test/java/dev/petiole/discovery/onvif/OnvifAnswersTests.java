package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnvifAnswersTests {

    @Test
    void clockIsRead() throws MalformedMessage {
        assertThat(OnvifAnswers.findUtcTime(Samples.answer("date-and-time")))
                .contains(Instant.parse("2010-09-16T07:50:45Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "9</tt:Month>, 13</tt:Month>",
        "16</tt:Day>, 31</tt:Day>",
        "7</tt:Hour>, -7</tt:Hour>",
        "2010</tt:Year>, 99999999999</tt:Year>",
        "50</tt:Minute>, x</tt:Minute>",
        "45</tt:Second>, </tt:Second>"
    })
    void timeThatCannotBeIsNone(String part, String nonsense) throws MalformedMessage {
        String answer = new String(Samples.bytes("date-and-time"), StandardCharsets.UTF_8).replace(part, nonsense);

        var body = (Soap.Body.Payload) Soap.parse(answer.getBytes(StandardCharsets.UTF_8));

        assertThat(OnvifAnswers.findUtcTime(body.content())).isEmpty();
    }

    @Test
    void identificationIsReadOnOneLine() throws MalformedMessage {
        assertThat(OnvifAnswers.identification(Samples.answer("device-information")))
                .isEqualTo(new DeviceFacts.Identification(
                        "Gläserne  Augen", "Q1786-LE", "10.12.182", "00408C1A2B3C", "776"));
    }

    @Test
    void networkInterfacesAreReadWithAllTheirAddresses() throws MalformedMessage {
        assertThat(OnvifAnswers.ports(Samples.answer("network-interfaces")))
                .containsExactly(
                        new DeviceFacts.NetworkPort("00:40:8c:1a:2b:3c", List.of("169.254.8.9", "192.0.2.31")));
    }

    @Test
    void servicesAndProfilesAreRead() throws MalformedMessage {
        assertThat(OnvifAnswers.findService(Samples.answer("services"), OnvifCall.MEDIA))
                .contains(URI.create("http://192.0.2.31/onvif/media_service"));
        assertThat(OnvifAnswers.findService(Samples.answer("services"), OnvifCall.MEDIA2))
                .isEmpty();
        assertThat(OnvifAnswers.profiles(Samples.answer("profiles"))).containsExactly("main", "sub & small");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        rtsp://192.0.2.31/stream                                                | rtsp://192.0.2.31/stream
        rtsp://admin:hunter2@192.0.2.31:554/stream?a=1                          | rtsp://192.0.2.31:554/stream?a=1
        rtsp://admin:p@ss@192.0.2.31/stream                                     | rtsp://192.0.2.31/stream
        rtsp://admin:pa/ss@192.0.2.31/stream                                    | -
        rtsp://192.0.2.31/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp   | -
        rtsp://192.0.2.31/stream?user=admin&pwd=1                               | -
        rtsp://192.0.2.31/stream?u=admin&p=hunter2                              | -
        rtsp://192.0.2.31/stream?u=admin&p=hunte%72%32                          | -
        file:///etc/passwd                                                      | -
        rtsp://192.0.2.31/a b                                                   | -
        ''                                                                      | -
        """)
    void streamsTellNoPassword(String uri, @Nullable String told) throws MalformedMessage {
        String answer = new String(Samples.bytes("stream-uri"), StandardCharsets.UTF_8)
                .replaceAll("<tt:Uri>.*</tt:Uri>", "<tt:Uri>" + Soap.escape(uri) + "</tt:Uri>");

        var body = (Soap.Body.Payload) Soap.parse(answer.getBytes(StandardCharsets.UTF_8));

        assertThat(OnvifAnswers.findStream(body.content(), "hunter2").orElse(null))
                .isEqualTo(told);
    }

    @Test
    void refusalIsKnownByItsSubcode() throws MalformedMessage {
        var fault = (Soap.Body.Fault) Soap.parse(Samples.bytes("fault-not-authorized"));

        assertThat(fault.isNotAuthorized()).isTrue();
        assertThat(fault.codes()).containsExactly("Sender", "NotAuthorized");
        assertThat(fault.reason()).isEqualTo("Sender not Authorized");
    }

    @Test
    void textForTheEnvironmentHasNoControlCharactersAndAnEnd() {
        assertThat(Text.printable(" a\u0000b\u001b[31m\r\nc\u202e ")).isEqualTo("ab[31m  c");
        assertThat(Text.printable("x".repeat(100_000))).hasSize(Text.MAX_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({
        "http://192.0.2.1/onvif/device_service, true",
        "HTTPS://[fe80::1]:8443/, true",
        "http://cam.local:2020/x?y=1, true",
        "ftp://192.0.2.1/, false",
        "http://user@192.0.2.1/, false",
        "http:///x, false",
        "//192.0.2.1/x, false",
        "http://192.0.2.1:99999/, false",
        "http://192.0.2.1:0/, false",
        "http://192.0.2.1/#f, false",
        "http://a b/, false",
        "file:///etc/passwd, false",
        "http:192.0.2.1, false"
    })
    void onlyPlainHttpUrlsAreServiceAddresses(String xaddr, boolean isOne) {
        assertThat(ServiceAddress.parse(xaddr).isPresent()).isEqualTo(isOne);
    }
}
