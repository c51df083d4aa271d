package dev.petiole.discovery.onvif;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// HTTP to devices: no redirects, no proxies, no cookies, no compression, and an end to every answer.
final class SoapTransport implements AutoCloseable {

    static final int MAX_ANSWER_BYTES = 256 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F]");

    private final @Nullable SSLContext trust;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient anyCertificate =
            client().sslContext(trustingAnyone()).build();
    private @Nullable HttpClient provenCertificates;

    /// Trusts what the node trusts.
    SoapTransport() {
        this(null);
    }

    /// @param trust whose certificates count as proven; null for those the node trusts
    SoapTransport(@Nullable SSLContext trust) {
        this.trust = trust;
    }

    /// An answer, whatever it says.
    ///
    /// @param challenges the values of `WWW-Authenticate`
    record Answer(int status, List<String> challenges, byte[] body) {}

    /// @param authorization null to tell no secret; else for a place that is not [ServiceAddress.Trust#UNVERIFIED]
    /// @param timeout until the answer's last byte
    Answer post(ServiceAddress to, OnvifCall call, String envelope, @Nullable String authorization, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(to.target())
                .header("Content-Type", "application/soap+xml; charset=utf-8; action=\"" + call.action() + "\"")
                .header("User-Agent", "petiole")
                .POST(HttpRequest.BodyPublishers.ofString(envelope, StandardCharsets.UTF_8));
        if (authorization != null) {
            if (CONTROL.matcher(authorization).find()) {
                throw new IOException("its challenge has control characters");
            }
            request.header("Authorization", authorization);
        }
        HttpResponse<byte[]> response = sendAgainIfCut(client(to), request.build(), timeout);
        if (response.statusCode() / 100 == 3) {
            throw new IOException("it redirects elsewhere, which is not followed");
        }
        return new Answer(response.statusCode(), response.headers().allValues("WWW-Authenticate"), response.body());
    }

    @Override
    public void close() {
        anyCertificate.shutdownNow();
        synchronized (this) {
            if (provenCertificates != null) {
                provenCertificates.shutdownNow();
            }
        }
        executor.shutdownNow();
    }

    /// Many devices close a connection without saying so beforehand, just when it is used again. All that is asked only
    /// reads, so asking once more does no harm.
    private static HttpResponse<byte[]> sendAgainIfCut(HttpClient client, HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try {
            return send(client, request, timeout);
        } catch (ConnectionCut _) {
            return send(client, request, timeout.minusNanos(System.nanoTime() - begun));
        }
    }

    private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            return response.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), request.uri());
        } finally {
            response.cancel(true);
        }
    }

    private static IOException failure(@Nullable Throwable cause, URI uri) {
        return switch (cause) {
            case ConnectException _ -> new IOException("connection refused or no route", cause);
            case HttpTimeoutException _ -> new IOException("no connection", cause);
            case SSLException _ -> new IOException("no TLS connection", cause);
            case EOFException e -> new ConnectionCut(e);
            case SocketException e -> new ConnectionCut(e);
            case IOException e when e.getCause() instanceof EOFException -> new ConnectionCut(e);
            case null, default -> new IOException("no sound answer from port " + uri.getPort(), cause);
        };
    }

    private HttpClient client(ServiceAddress to) {
        return to.trust() == ServiceAddress.Trust.VERIFIED ? provenCertificates() : anyCertificate;
    }

    /// Made when a device first speaks HTTPS: most never do.
    private synchronized HttpClient provenCertificates() {
        HttpClient made = provenCertificates;
        if (made == null) {
            HttpClient.Builder builder = client();
            if (trust != null) {
                builder.sslContext(trust);
            }
            made = builder.build();
            provenCertificates = made;
        }
        return made;
    }

    private HttpClient.Builder client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor);
    }

    /// A connection ended before an answer came.
    private static final class ConnectionCut extends IOException {

        private static final long serialVersionUID = 1L;

        ConnectionCut(Throwable cause) {
            super("the connection was closed", cause);
        }
    }

    /// Devices' own certificates can't be known. Without secrets, TLS to anyone is no worse than plain HTTP to anyone.
    private static SSLContext trustingAnyone() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /// An extended one, since the JDK checks host names itself for any other.
    private static final class AnyCertificate extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
