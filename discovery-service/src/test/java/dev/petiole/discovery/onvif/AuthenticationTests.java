package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationTests {

    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private static final Credential MUFASA = new Credential("Mufasa", "Circle of Life");

    /// RFC 7616 §3.9.1.
    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    void rfc7616ExampleIsAnsweredAsThere(String algorithm, String response) {
        DigestChallenge challenge =
                challenge("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                        + algorithm + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                        + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");

        assertThat(challenge.answer("GET", MUFASA, "/dir/index.html", 1, CNONCE))
                .contains("response=\"" + response + "\"")
                .contains("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")
                .contains("qop=auth, nc=00000001");
    }

    /// RFC 2617 §3.5, and the same of RFC 2069, which knows no qop.
    @Test
    void olderServersAreAnsweredInTheirWay() {
        var user = new Credential("Mufasa", "Circle Of Life");
        String realm = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";

        assertThat(challenge(realm + ", qop=auth").answer("GET", user, "/dir/index.html", 1, "0a4f113b"))
                .contains("response=\"6629fae49393a05397450978507c4ef1\"");
        assertThat(challenge(realm).answer("GET", user, "/dir/index.html", 1, "0a4f113b"))
                .contains("response=\"670fd8c2df070c60b045671b8b24ff02\"")
                .doesNotContain("qop", "cnonce");
    }

    /// RFC 7616 §3.9.2 hashes the user's name.
    @Test
    void nameIsHiddenWhereAsked() {
        DigestChallenge challenge = challenge("Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256,"
                + " nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", charset=UTF-8, userhash=true");

        assertThat(challenge.answer("GET", new Credential("Jäsøn Doe", "Secret, or not?"), "/doe.json", 1, "c"))
                .contains("username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\"")
                .contains("userhash=true");
    }

    @Test
    void strongestOfSeveralChallengesIsTaken() {
        assertThat(DigestChallenge.findStrongest(List.of(
                        "Digest realm=\"r\", nonce=\"1\", algorithm=MD5, Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256",
                        "Basic realm=\"r\"",
                        "Digest realm=\"r\", nonce=\"3\", algorithm=UNKNOWN")))
                .get()
                .extracting(DigestChallenge::nonce, DigestChallenge::hash)
                .containsExactly("2", Hash.SHA_256);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Basic realm="r"
        Digest realm="r"
        Digest nonce="n", qop="auth-int"
        Digest nonce="n", algorithm=ROT13
        Negotiate abc
        ''
        """)
    void challengeThatCannotBeMetIsNone(String header) {
        assertThat(DigestChallenge.findStrongest(List.of(header))).isEmpty();
    }

    @Test
    void staleNonceAndSessionAreUnderstood() {
        DigestChallenge challenge = challenge("digest Realm=r,NONCE=\"n\",stale=TRUE,algorithm=md5-sess,qop=\"auth\"");

        assertThat(challenge.isStale()).isTrue();
        assertThat(challenge.isSession()).isTrue();
        assertThat(challenge.answer(new Credential("u", "p"), "/", 255, "c"))
                .contains("algorithm=MD5-sess", "nc=000000ff");
    }

    /// ONVIF Application Programmer's Guide §6.1.1.3.
    @Test
    void onvifsExampleOfAUsernameTokenIsMet() {
        byte[] nonce = Base64.getDecoder().decode("LKqI6G/AikKCQrN0zqZFlg==");

        assertThat(UsernameToken.passwordDigest(nonce, "2010-09-16T07:50:45Z", "userpassword"))
                .isEqualTo("tuOSpGlFlIXsozq4HFNeeGeFLEI=");
    }

    @Test
    void usernameTokenIsXmlWithoutThePassword() throws MalformedMessage {
        String header = UsernameToken.header(
                new Credential("<a&b>", "hunter2"), new byte[16], Instant.parse("2010-09-16T07:50:45Z"));

        XmlElement envelope = Soap.envelope(
                OnvifCall.DEVICE_INFORMATION.envelope(header).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(envelope.textAt("Header", "Security", "UsernameToken", "Username"))
                .isEqualTo("<a&b>");
        assertThat(envelope.textAt("Header", "Security", "UsernameToken", "Created"))
                .isEqualTo("2010-09-16T07:50:45.000Z");
        assertThat(header).doesNotContain("hunter2");
    }

    private static DigestChallenge challenge(String header) {
        return DigestChallenge.findStrongest(List.of(header)).orElseThrow();
    }
}
