package dev.petiole.discovery.onvif;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/// The SOAP header by which older devices know a user. OASIS UsernameToken Profile 1.1 §3.1, PasswordDigest.
final class UsernameToken {

    private static final String OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
    private static final String SECEXT = OASIS + "wssecurity-secext-1.0.xsd";
    private static final String UTILITY = OASIS + "wssecurity-utility-1.0.xsd";
    private static final String DIGEST = OASIS + "username-token-profile-1.0#PasswordDigest";
    private static final String BASE64 = OASIS + "soap-message-security-1.0#Base64Binary";
    private static final DateTimeFormatter CREATED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private UsernameToken() {}

    /// @param nonce never used before
    /// @param created by the device's clock
    static String header(Credential credential, byte[] nonce, Instant created) {
        String time = CREATED.format(created);
        return """
                <w:Security s:mustUnderstand="1" xmlns:w="%s" xmlns:u="%s"><w:UsernameToken>\
                <w:Username>%s</w:Username><w:Password Type="%s">%s</w:Password>\
                <w:Nonce EncodingType="%s">%s</w:Nonce><u:Created>%s</u:Created>\
                </w:UsernameToken></w:Security>""".formatted(
                        SECEXT,
                        UTILITY,
                        Soap.escape(credential.username()),
                        DIGEST,
                        passwordDigest(nonce, time, credential.password()),
                        BASE64,
                        Base64.getEncoder().encodeToString(nonce),
                        time);
    }

    static String passwordDigest(byte[] nonce, String created, String password) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(nonce);
        bytes.writeBytes(created.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(password.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(Hash.digest("SHA-1", bytes.toByteArray()));
    }
}
