package dev.petiole.discovery.onvif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a server wants to see hashed before it answers. RFC 7616 §3.3.
///
/// @param opaque to be given back as it is; empty if there is none
/// @param isSession whether the secret is bound to the nonces (`-sess`)
/// @param hasQop false for servers of RFC 2069
/// @param isStale whether only the nonce was wrong before
/// @param hidesUser whether the user name is to be hashed too
record DigestChallenge(
        String realm,
        String nonce,
        String opaque,
        Hash hash,
        boolean isSession,
        boolean hasQop,
        boolean isStale,
        boolean hidesUser) {

    private static final int MAX_LENGTH = 4096;
    private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");
    private static final Pattern PARAMETER =
            Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");

    /// @param headers the values of `WWW-Authenticate`, each with one challenge or more
    /// @return the strongest that can be met
    static Optional<DigestChallenge> findStrongest(List<String> headers) {
        return headers.stream()
                .filter(header -> header.length() <= MAX_LENGTH)
                .flatMap(DigestChallenge::challenges)
                .max(Comparator.comparing(DigestChallenge::hash));
    }

    /// Cuts before each scheme: a token that is followed by a parameter instead of `=`.
    private static Stream<DigestChallenge> challenges(String header) {
        var challenges = new ArrayList<DigestChallenge>();
        Matcher token = TOKEN.matcher(header);
        Matcher parameter = PARAMETER.matcher(header);
        String scheme = "";
        Map<String, String> parameters = new HashMap<>();
        int at = 0;
        while (at < header.length()) {
            char c = header.charAt(at);
            if (c == ',' || Character.isWhitespace(c)) {
                at++;
            } else if (parameter.region(at, header.length()).lookingAt()) {
                parameters.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value(parameter));
                at = parameter.end();
            } else if (token.region(at, header.length()).lookingAt()) {
                of(scheme, parameters).ifPresent(challenges::add);
                scheme = token.group();
                parameters.clear();
                at = token.end();
            } else {
                return Stream.empty();
            }
        }
        of(scheme, parameters).ifPresent(challenges::add);
        return challenges.stream();
    }

    private static String value(Matcher parameter) {
        String quoted = parameter.group(2);
        return quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
    }

    private static Optional<DigestChallenge> of(String scheme, Map<String, String> parameters) {
        String nonce = parameters.getOrDefault("nonce", "");
        String qop = parameters.getOrDefault("qop", "");
        String algorithm = parameters.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
        boolean isSession = algorithm.endsWith("-SESS");
        String name = isSession ? algorithm.substring(0, algorithm.length() - "-SESS".length()) : algorithm;
        boolean canAuth = qop.isEmpty() || Arrays.asList(qop.split("[\\s,]+")).contains("auth");
        if (!scheme.equalsIgnoreCase("Digest") || nonce.isEmpty() || !canAuth) {
            return Optional.empty();
        }
        return Arrays.stream(Hash.values())
                .filter(hash -> hash.token().equals(name))
                .findFirst()
                .map(hash -> new DigestChallenge(
                        parameters.getOrDefault("realm", ""),
                        nonce,
                        parameters.getOrDefault("opaque", ""),
                        hash,
                        isSession,
                        !qop.isEmpty(),
                        parameters.getOrDefault("stale", "").equalsIgnoreCase("true"),
                        parameters.getOrDefault("userhash", "").equalsIgnoreCase("true")));
    }

    /// @param uses how often the nonce has been used, this time included
    /// @param clientNonce of the client's own choice
    /// @return the value of `Authorization` for a POST
    String answer(Credential credential, String uri, int uses, String clientNonce) {
        return answer("POST", credential, uri, uses, clientNonce);
    }

    String answer(String method, Credential credential, String uri, int uses, String clientNonce) {
        String count = "%08x".formatted(uses);
        String secret = hash.hex(credential.username() + ":" + realm + ":" + credential.password());
        String bound = isSession ? hash.hex(secret + ":" + nonce + ":" + clientNonce) : secret;
        String request = hash.hex(method + ":" + uri);
        String response = hasQop
                ? hash.hex(bound + ":" + nonce + ":" + count + ":" + clientNonce + ":auth:" + request)
                : hash.hex(bound + ":" + nonce + ":" + request);
        var header = new StringBuilder("Digest ");
        header.append("username=").append(quoted(user(credential)));
        header.append(", realm=").append(quoted(realm));
        header.append(", nonce=").append(quoted(nonce));
        header.append(", uri=").append(quoted(uri));
        header.append(", algorithm=").append(hash.token()).append(isSession ? "-sess" : "");
        if (hasQop) {
            header.append(", qop=auth, nc=").append(count);
        }
        if (hasQop || isSession) {
            header.append(", cnonce=").append(quoted(clientNonce));
        }
        header.append(", response=").append(quoted(response));
        if (!opaque.isEmpty()) {
            header.append(", opaque=").append(quoted(opaque));
        }
        return header.append(hidesUser ? ", userhash=true" : "").toString();
    }

    private String user(Credential credential) {
        return hidesUser ? hash.hex(credential.username() + ":" + realm) : credential.username();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
