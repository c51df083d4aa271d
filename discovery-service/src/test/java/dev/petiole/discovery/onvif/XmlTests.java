package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class XmlTests {

    @Test
    void elementsAttributesTextAndPrefixesAreRead() throws MalformedMessage {
        XmlElement root =
                parse("<a:x xmlns:a='urn:a' xmlns='urn:d' k='v'> t <!-- c --><y><![CDATA[<&]]>&lt;&#65;</y>u</a:x>");

        assertThat(root.is("urn:a", "x")).isTrue();
        assertThat(root.attributes()).containsEntry("k", "v");
        assertThat(root.text()).isEqualTo("t u");
        assertThat(root.textAt("y")).isEqualTo("<&<A");
        assertThat(root.children().getFirst().namespace()).isEqualTo("urn:d");
        assertThat(root.children().getFirst().prefixes()).containsEntry("a", "urn:a");
    }

    static Stream<Arguments> hostileDocuments() {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("no markup", "hello"),
                Arguments.of("cut short", "<a><b>"),
                Arguments.of("a document type", "<!DOCTYPE a><a/>"),
                Arguments.of("an entity bomb", bomb()),
                Arguments.of("an entity of its own", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"),
                Arguments.of("an undeclared entity", "<a>&nbsp;</a>"),
                Arguments.of("an external entity", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"),
                Arguments.of("an external subset", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
                Arguments.of("a parameter entity", "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>"),
                Arguments.of("a processing instruction", "<a><?php x?></a>"),
                Arguments.of("nesting", "<a>".repeat(100_000)),
                Arguments.of("many elements", "<a>" + "<b/>".repeat(60_000) + "</a>"),
                Arguments.of("many attributes", "<a " + numbered("b%d='' ") + "/>"),
                Arguments.of("many namespaces", "<a " + numbered("xmlns:b%d='urn:x' ") + "/>"),
                Arguments.of("a long name", "<" + "a".repeat(250_000) + "/>"),
                Arguments.of("an unbound prefix", "<a:b/>"),
                Arguments.of("a broken character", "<a>\0</a>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileDocuments")
    void hostileDocumentIsRefusedAtOnce(String name, String document) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatExceptionOfType(MalformedMessage.class).as(name).isThrownBy(() -> parse(document)));
    }

    @Test
    void wrongBytesAreReadAsFarAsTheyGo() throws MalformedMessage {
        byte[] latin1 = "<a>Gläser</a>".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Xml.parse(latin1).text()).isEqualTo("Gl\uFFFDser");
    }

    @Test
    void documentTypeInAnotherEncodingIsRefusedToo() {
        String document = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>";

        assertThatExceptionOfType(MalformedMessage.class)
                .isThrownBy(() -> Xml.parse(document.getBytes(StandardCharsets.UTF_16)));
    }

    @Test
    void externalEntitiesAreNotFetched() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
            assertThatExceptionOfType(MalformedMessage.class)
                    .isThrownBy(() -> parse("<!DOCTYPE a SYSTEM '" + url + "' [<!ENTITY % p SYSTEM '" + url
                            + "'> %p; <!ENTITY e SYSTEM '" + url + "'>]><a>&e;</a>"));

            server.setSoTimeout(200);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
        }
    }

    private static XmlElement parse(String document) throws MalformedMessage {
        return Xml.parse(document.getBytes(StandardCharsets.UTF_8));
    }

    private static String bomb() {
        String entities = IntStream.range(1, 30)
                .mapToObj(i -> "<!ENTITY e%d '&e%d;&e%d;&e%d;'>".formatted(i, i - 1, i - 1, i - 1))
                .collect(Collectors.joining());
        return "<!DOCTYPE a [<!ENTITY e0 'lol'>" + entities + "]><a>&e29;</a>";
    }

    private static String numbered(String format) {
        return IntStream.range(0, 5_000).mapToObj(format::formatted).collect(Collectors.joining());
    }
}
