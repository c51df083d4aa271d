package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.discovery.handler.InvalidDetails;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Akri's layouts, as in its documentation.
class CredentialsTests {

    private static final String UUID = "cf2b6a2e-7c1d-4b3a-9e11-00408c1a2b3c";

    @Test
    void listOfCredentials() {
        var credentials = Credentials.of(
                Map.of(
                        "device_credential_list", "[\"list1\", \"list2\"]",
                        "list1",
                                "{\"" + UUID
                                        + "\": {\"username\": \"a\", \"password\": \"YjY0\", \"base64encoded\": true}}",
                        "list2",
                                "{\"default\": {\"username\": \"d\"}, \"URN:UUID:X-1\": {\"username\": \"x\", \"password\": \"y\"}}"));

        assertThat(credentials.find(UUID)).contains(new Credential("a", "b64"));
        assertThat(credentials.find("x-1")).contains(new Credential("x", "y"));
        assertThat(credentials.find("another")).contains(new Credential("d", ""));
    }

    @Test
    void listOfReferences() {
        var credentials = Credentials.of(Map.of(
                "device_credential_ref_list", "[\"refs\"]",
                "refs",
                        "{\"" + UUID
                                + "\": {\"username_ref\": \"u\", \"password_ref\": \"p\"}, \"x\": {\"username_ref\": \"e\"}}",
                "u", "a",
                "p", "b",
                "e", ""));

        assertThat(credentials.find(UUID)).contains(new Credential("a", "b"));
        assertThat(credentials.find("x")).isEmpty();
    }

    @Test
    void namedPropertiesAndDefault() {
        var credentials = Credentials.of(Map.of(
                "username_cf2b6a2e_7c1d_4b3a_9e11_00408c1a2b3c", "a",
                "password_cf2b6a2e_7c1d_4b3a_9e11_00408c1a2b3c", "b",
                "username_default", "d",
                "password_default", "e",
                "username_EMPTY", ""));

        assertThat(credentials.find(UUID)).contains(new Credential("a", "b"));
        assertThat(credentials.find("empty")).contains(new Credential("d", "e"));
    }

    @Test
    void laterLayoutWins() {
        var credentials = Credentials.of(Map.of(
                "device_credential_list", "[\"list\"]",
                "list", "{\"x\": {\"username\": \"1\"}, \"y\": {\"username\": \"1\"}, \"z\": {\"username\": \"1\"}}",
                "device_credential_ref_list", "[\"refs\"]",
                "refs", "{\"y\": {\"username_ref\": \"two\"}, \"z\": {\"username_ref\": \"two\"}}",
                "two", "2",
                "username_z", "3"));

        assertThat(credentials.find("x").orElseThrow().username()).isEqualTo("1");
        assertThat(credentials.find("y").orElseThrow().username()).isEqualTo("2");
        assertThat(credentials.find("z").orElseThrow().username()).isEqualTo("3");
    }

    @Test
    void listThatIsOptionalAndAbsentIsNone() {
        assertThat(Credentials.of(Map.of("device_credential_list", "[\"absent\"]"))
                        .find("x"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        device_credential_list     | secret         | discoveryProperties.device_credential_list:
        device_credential_list     | [null]         | discoveryProperties.device_credential_list:
        list                       | secret         | discoveryProperties.list:
        list                       | {"x": null}    | discoveryProperties.list:
        list                       | {"x": {"username": "u", "password": "secret!", "base64encoded": true}} | discoveryProperties.list: a password is not Base64
        list                       | {"x": {"username": "u", "password": "/+Q=", "base64encoded": true}} | discoveryProperties.list: a password is not text
        """)
    void mistakeIsNamedWithoutTellingTheValue(String property, String value, String message) {
        var properties = new java.util.HashMap<>(Map.of("device_credential_list", "[\"list\"]"));
        properties.put(property, value);

        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> Credentials.of(properties))
                .withMessageStartingWith(message)
                .withNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void credentialDoesNotShowItsPassword() {
        assertThat(new Credential("user", "hunter2")).hasToString("Credential[username=user]");
    }
}
