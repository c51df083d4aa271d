package dev.petiole.discovery.onvif;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one device is talked to, found out by asking and kept: as nobody, by HTTP Digest, or by UsernameToken, never
/// by two at once (ONVIF Core §5.9.3). For one inspection at a time.
final class DeviceSession {

    /* The ladder: ask as nobody. HTTP 401 with a Digest challenge: ask again with its answer. A SOAP fault NotAuthorized,
     * which devices without HTTP authentication send with HTTP 400: ask again with a token by the device's clock. The way
     * that worked is the first to be tried from then on. A user the device does not know is not shown to it again for a
     * while, since many devices lock a user out after a few mistakes.
     */

    private static final int MAX_TRIES = 4;
    private static final int NONCE_BYTES = 16;
    private static final Duration FIRST_PAUSE_AFTER_REJECTION = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE_AFTER_REJECTION = Duration.ofHours(1);

    private final SoapTransport transport;
    private final @Nullable Credential credential;
    private final Clock clock;
    private final SecureRandom random;

    private Mode mode = new Mode.Nobody();
    private boolean hasWorked;
    private Duration clockOffset = Duration.ZERO;
    private Instant notBefore = Instant.MIN;
    private Duration pauseAfterRejection = FIRST_PAUSE_AFTER_REJECTION;

    DeviceSession(SoapTransport transport, @Nullable Credential credential, Clock clock, SecureRandom random) {
        this.transport = transport;
        this.credential = credential;
        this.clock = clock;
        this.random = random;
    }

    /// As whom the device is asked.
    private sealed interface Mode {

        record Nobody() implements Mode {}

        /// @param uses how often the nonce has been used
        record Digest(DigestChallenge challenge, int uses) implements Mode {}

        record Token() implements Mode {}
    }

    /// @return what must not be told; empty if there is none
    String secret() {
        return credential == null ? "" : credential.password();
    }

    /// Asks the one thing every device tells everyone, and learns the device's clock.
    ///
    /// @throws IOException if no ONVIF device answers there
    void greet(ServiceAddress at, Deadline deadline) throws IOException, InterruptedException {
        hasWorked = false;
        OnvifCall call = OnvifCall.SYSTEM_DATE_AND_TIME;
        SoapTransport.Answer answer = transport.post(at, call, call.envelope(""), null, deadline.next());
        if (answer.status() == 401) {
            return;
        }
        switch (parsed(answer)) {
            case Soap.Body.Payload(XmlElement content) -> {
                if (!content.name().equals("GetSystemDateAndTimeResponse")) {
                    throw new IOException("it is not an ONVIF device service");
                }
                OnvifAnswers.findUtcTime(content)
                        .ifPresent(time -> clockOffset = Duration.between(clock.instant(), time));
            }
            case Soap.Body.Fault _ -> {
                // It speaks SOAP, which is proof enough of life.
            }
        }
    }

    /// @return the content of the answer's body
    /// @throws IOException if there is no answer, or it makes no sense
    XmlElement ask(ServiceAddress at, OnvifCall call, Deadline deadline)
            throws IOException, InterruptedException, AccessDenied {
        boolean isFresh = false;
        for (int i = 0; i < MAX_TRIES; i++) {
            SoapTransport.Answer answer = post(at, call, deadline);
            if (answer.status() == 401 && !answer.challenges().isEmpty()) {
                answerChallenge(at, answer.challenges(), isFresh);
            } else if (answer.status() == 401) {
                answerNotAuthorized(at);
            } else {
                switch (parsed(answer)) {
                    case Soap.Body.Payload(XmlElement content) -> {
                        hasWorked = hasWorked || !(mode instanceof Mode.Nobody);
                        accepted();
                        return content;
                    }
                    case Soap.Body.Fault fault when fault.isNotAuthorized() -> answerNotAuthorized(at);
                    case Soap.Body.Fault fault -> throw new SoapFault("it says: " + fault.reason());
                }
            }
            isFresh = true;
        }
        throw rejected();
    }

    private SoapTransport.Answer post(ServiceAddress at, OnvifCall call, Deadline deadline)
            throws IOException, InterruptedException {
        Credential user = credential;
        boolean mayTell = user != null && at.trust() != ServiceAddress.Trust.UNVERIFIED;
        String header = "";
        @Nullable String authorization = null;
        if (user != null && mayTell) {
            switch (mode) {
                case Mode.Nobody _ -> {
                    // Nothing to add.
                }
                case Mode.Digest(DigestChallenge challenge, int uses) -> {
                    mode = new Mode.Digest(challenge, uses + 1);
                    authorization = challenge.answer(
                            user, requestUri(at), uses + 1, HexFormat.of().formatHex(nonce()));
                }
                case Mode.Token _ ->
                    header = UsernameToken.header(user, nonce(), clock.instant().plus(clockOffset));
            }
        }
        return transport.post(at, call, call.envelope(header), authorization, deadline.next());
    }

    /// @param isFresh whether the mode was chosen within this call, so that being asked again means no
    private void answerChallenge(ServiceAddress at, List<String> challenges, boolean isFresh) throws AccessDenied {
        requireUsableCredential(at);
        DigestChallenge challenge = DigestChallenge.findStrongest(challenges)
                .orElseThrow(() -> new AccessDenied(AccessDenied.Reason.UNSAFE));
        boolean wasAnswered = mode instanceof Mode.Digest && isFresh;
        if (wasAnswered && !challenge.isStale()) {
            throw rejected();
        }
        mode = new Mode.Digest(challenge, 0);
    }

    private void answerNotAuthorized(ServiceAddress at) throws AccessDenied {
        requireUsableCredential(at);
        switch (mode) {
            case Mode.Nobody _ -> mode = new Mode.Token();
            // The device let the user in, and then would not tell.
            case Mode.Digest _ -> throw new AccessDenied(AccessDenied.Reason.NOT_PERMITTED);
            case Mode.Token _ -> throw rejected();
        }
    }

    private void requireUsableCredential(ServiceAddress at) throws AccessDenied {
        if (credential == null) {
            throw new AccessDenied(AccessDenied.Reason.NO_CREDENTIALS);
        }
        if (at.trust() == ServiceAddress.Trust.UNVERIFIED) {
            throw new AccessDenied(AccessDenied.Reason.UNSAFE);
        }
        if (clock.instant().isBefore(notBefore)) {
            throw new AccessDenied(AccessDenied.Reason.REJECTED);
        }
    }

    private void accepted() {
        if (!(mode instanceof Mode.Nobody)) {
            notBefore = Instant.MIN;
            pauseAfterRejection = FIRST_PAUSE_AFTER_REJECTION;
        }
    }

    private AccessDenied rejected() {
        if (hasWorked) {
            return new AccessDenied(AccessDenied.Reason.NOT_PERMITTED);
        }
        mode = new Mode.Nobody();
        notBefore = clock.instant().plus(pauseAfterRejection);
        Duration twice = pauseAfterRejection.multipliedBy(2);
        pauseAfterRejection =
                twice.compareTo(LONGEST_PAUSE_AFTER_REJECTION) < 0 ? twice : LONGEST_PAUSE_AFTER_REJECTION;
        return new AccessDenied(AccessDenied.Reason.REJECTED);
    }

    private static Soap.Body parsed(SoapTransport.Answer answer) throws IOException {
        try {
            return Soap.parse(answer.body());
        } catch (MalformedMessage e) {
            throw new IOException("HTTP " + answer.status() + " with no ONVIF answer: " + e.getMessage(), e);
        }
    }

    private static String requestUri(ServiceAddress at) {
        String query = at.target().getRawQuery();
        return at.target().getRawPath() + (query == null ? "" : "?" + query);
    }

    private byte[] nonce() {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }
}
