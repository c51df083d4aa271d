package dev.petiole.discovery.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A camera: it answers probes on a network interface, says Hello and Bye, and has a device service that lets in one
/// user. Written against the specifications and not with the code under test.
final class SimulatedCamera implements AutoCloseable {

    static final String USER = "operator";
    static final String PASSWORD = "hunter2";

    private final Settings settings;
    private final HttpServer http;
    private final WsDiscoveryResponder responder;
    private final Set<String> usedNonces = ConcurrentHashMap.newKeySet();

    /// What was asked and how: `GetProfiles none`, `GetProfiles digest`, `GetProfiles token`.
    final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

    /// What no client may do.
    final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    volatile boolean isBroken;
    volatile String model = "Q1786-LE";

    /// How a user is known.
    enum Login {
        NONE,
        DIGEST_MD5,
        DIGEST_SHA_256,
        USERNAME_TOKEN
    }

    /// @param clockSkew how far its clock is ahead
    record Settings(String uuid, Login login, Duration clockSkew, List<String> scopes) {

        static Settings of(String uuid, Login login) {
            return new Settings(uuid, login, Duration.ZERO, List.of("onvif://www.onvif.org/name/Gate%20camera"));
        }
    }

    private SimulatedCamera(
            Settings settings, NetworkInterface at, InetSocketAddress place, @Nullable SSLContext certificate) {
        this.settings = settings;
        InetAddress address = place.getAddress();
        try {
            var free = new InetSocketAddress(address, 0);
            if (certificate == null) {
                http = HttpServer.create(free, 0);
            } else {
                HttpsServer https = HttpsServer.create(free, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(certificate));
                http = https;
            }
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/onvif/", this::serve);
            http.start();
            responder =
                    new WsDiscoveryResponder(at, address, place.getPort(), settings.uuid(), settings.scopes(), url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SimulatedCamera start(Settings settings, NetworkInterface at, InetAddress address, int port) {
        return new SimulatedCamera(settings, at, new InetSocketAddress(address, port), null);
    }

    static SimulatedCamera startHttps(
            Settings settings, NetworkInterface at, InetSocketAddress place, SSLContext certificate) {
        return new SimulatedCamera(settings, at, place, certificate);
    }

    WsDiscoveryResponder responder() {
        return responder;
    }

    String url() {
        String host = http.getAddress().getAddress().getHostAddress();
        String literal = host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
        return (http instanceof HttpsServer ? "https://" : "http://") + literal + ":"
                + http.getAddress().getPort() + "/onvif/device_service";
    }

    /// Goes without a word.
    @Override
    public void close() {
        responder.close();
        http.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean hasToken = request.contains("UsernameToken");
            if (authorization != null && hasToken) {
                violations.add("credentials at both levels");
            }
            if (request.contains(PASSWORD) || authorization != null && authorization.contains(PASSWORD)) {
                violations.add("password in clear");
            }
            Matcher operation = Pattern.compile("Body><(\\w+)").matcher(request);
            String name = operation.find() ? operation.group(1) : "?";
            requests.add(name + (authorization != null ? " digest" : hasToken ? " token" : " none"));
            if (isBroken) {
                respond(exchange, 503, "out of order");
            } else if (name.equals("GetSystemDateAndTime")
                    || name.equals("GetServices")
                    || isLetIn(exchange, request)) {
                answer(exchange, name, request);
            } else {
                refuse(exchange);
            }
        }
    }

    private boolean isLetIn(HttpExchange exchange, String request) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        return switch (settings.login()) {
            case NONE -> true;
            case DIGEST_MD5 -> authorization != null && isDigestRight(authorization, "MD5", exchange);
            case DIGEST_SHA_256 -> authorization != null && isDigestRight(authorization, "SHA-256", exchange);
            case USERNAME_TOKEN -> isTokenRight(request);
        };
    }

    private void refuse(HttpExchange exchange) throws IOException {
        switch (settings.login()) {
            case DIGEST_MD5 -> challenge(exchange, "MD5");
            case DIGEST_SHA_256 -> challenge(exchange, "SHA-256");
            case USERNAME_TOKEN, NONE ->
                respond(exchange, 400, new String(Samples.bytes("fault-not-authorized"), StandardCharsets.UTF_8));
        }
    }

    private void challenge(HttpExchange exchange, String algorithm) throws IOException {
        exchange.getResponseHeaders()
                .add(
                        "WWW-Authenticate",
                        "Digest realm=\"cam\", qop=\"auth\", algorithm=" + algorithm + ", nonce=\"abc\"");
        respond(exchange, 401, "no");
    }

    private boolean isDigestRight(String header, String algorithm, HttpExchange exchange) {
        String secret = hash(algorithm, USER + ":cam:" + PASSWORD);
        String request = hash(algorithm, "POST:" + exchange.getRequestURI());
        String expected = hash(
                algorithm, secret + ":abc:" + field(header, "nc") + ":" + field(header, "cnonce") + ":auth:" + request);
        if (!usedNonces.add(field(header, "nc") + field(header, "cnonce"))) {
            violations.add("nonce used twice");
        }
        return field(header, "username").equals(USER)
                && field(header, "response").equals(expected);
    }

    private boolean isTokenRight(String request) {
        if (!request.contains("UsernameToken")) {
            return false;
        }
        byte[] nonce = Base64.getDecoder().decode(element(request, "Nonce"));
        String created = element(request, "Created");
        Duration age = Duration.between(Instant.parse(created), now()).abs();
        if (!usedNonces.add(element(request, "Nonce"))) {
            violations.add("nonce used twice");
        }
        MessageDigest sha1 = digest("SHA-1");
        sha1.update(nonce);
        sha1.update(created.getBytes(StandardCharsets.UTF_8));
        sha1.update(PASSWORD.getBytes(StandardCharsets.UTF_8));
        return age.compareTo(Duration.ofSeconds(5)) < 0
                && element(request, "Username").equals(USER)
                && element(request, "Password").equals(Base64.getEncoder().encodeToString(sha1.digest()));
    }

    private void answer(HttpExchange exchange, String name, String request) throws IOException {
        respond(
                exchange,
                200,
                switch (name) {
                    case "GetSystemDateAndTime" -> dateAndTime();
                    case "GetDeviceInformation" -> sample("device-information").replace("Q1786-LE", model);
                    case "GetNetworkInterfaces" ->
                        sample("network-interfaces")
                                .replace(
                                        "192.0.2.31",
                                        http.getAddress().getAddress().getHostAddress());
                    case "GetServices" -> sample("services").replace("192.0.2.31", "198.51.100.1");
                    case "GetProfiles" -> sample("profiles").replace("sub &amp; small", "sub");
                    case "GetStreamUri" ->
                        sample("stream-uri").replace("profile=main", "profile=" + element(request, "ProfileToken"));
                    default -> sample("fault-not-authorized");
                });
    }

    private String dateAndTime() {
        LocalDateTime time = LocalDateTime.ofInstant(now(), ZoneOffset.UTC);
        return sample("date-and-time")
                .replace("<tt:Hour>7", "<tt:Hour>" + time.getHour())
                .replace("<tt:Minute>50", "<tt:Minute>" + time.getMinute())
                .replace("<tt:Second>45", "<tt:Second>" + time.getSecond())
                .replace("<tt:Year>2010", "<tt:Year>" + time.getYear())
                .replace("<tt:Month>9", "<tt:Month>" + time.getMonthValue())
                .replace("<tt:Day>16", "<tt:Day>" + time.getDayOfMonth());
    }

    private Instant now() {
        return Instant.now().plus(settings.clockSkew());
    }

    static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/soap+xml; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static String randomUuid() {
        return UUID.randomUUID().toString();
    }

    private static String sample(String name) {
        return new String(Samples.bytes(name), StandardCharsets.UTF_8);
    }

    private static String field(String header, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(header);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String element(String xml, String name) {
        Matcher matcher =
                Pattern.compile("<(?:\\w+:)?" + name + "(?:\\s[^>]*)?>([^<]*)<").matcher(xml);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String hash(String algorithm, String text) {
        return HexFormat.of().formatHex(digest(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
