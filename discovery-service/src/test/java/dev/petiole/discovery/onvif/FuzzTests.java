package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever arrives, a parser says [MalformedMessage] or something sensible, soon.
class FuzzTests {

    private static final int ROUNDS = 3_000;
    private static final long SEED = 20_260_117;

    @Test
    @Timeout(60)
    void mutatedMessagesAreReadOrRefused() {
        var random = new Random(SEED);
        var refused = 0;
        var read = 0;
        for (String sample : Samples.ALL) {
            byte[] valid = Samples.bytes(sample);
            for (int i = 0; i < ROUNDS; i++) {
                byte[] mutated = mutate(valid, random);
                if (isRead(mutated)) {
                    read++;
                } else {
                    refused++;
                }
            }
        }

        // A control: the mutations are neither all harmless nor all fatal.
        assertThat(read).isGreaterThan(ROUNDS / 2);
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    @Test
    @Timeout(60)
    void mutatedChallengesAreAnsweredOrIgnored() {
        var random = new Random(SEED);
        byte[] valid = ("Basic realm=\"a\", Digest realm=\"b \\\" c\", qop=\"auth,auth-int\", algorithm=SHA-256,"
                        + " nonce=\"7ypf\", opaque=\"FQhe\", stale=true, userhash=true")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 10 * ROUNDS; i++) {
            String header = new String(mutate(valid, random), StandardCharsets.ISO_8859_1);
            DigestChallenge.findStrongest(List.of(header))
                    .ifPresent(it -> assertThat(it.answer(new Credential("u", "p"), "/", 1, "c"))
                            .startsWith("Digest "));
        }
    }

    @Test
    @Timeout(60)
    void challengeThatIsAllBackslashesTakesNoTime() {
        DigestChallenge.findStrongest(List.of("Digest nonce=\"" + "\\".repeat(4_000), "Digest " + "a=".repeat(2_000)));
    }

    private static boolean isRead(byte[] message) {
        try {
            Soap.Body body = Soap.parse(message);
            WsDiscovery.parse(message);
            if (body instanceof Soap.Body.Payload(XmlElement content)) {
                readAll(content);
            }
            return true;
        } catch (MalformedMessage _) {
            return false;
        }
    }

    private static void readAll(XmlElement content) {
        OnvifAnswers.findUtcTime(content);
        OnvifAnswers.identification(content);
        OnvifAnswers.ports(content);
        OnvifAnswers.findService(content, OnvifCall.MEDIA);
        OnvifAnswers.profiles(content);
        OnvifAnswers.findStream(content, "secret");
    }

    private static byte[] mutate(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int n = random.nextInt(1, 5); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> bytes = with(bytes, at, "<>&\"'/=:-]%;?! ".charAt(random.nextInt(15)));
                case 4 -> bytes = repeated(bytes, at, random.nextInt(1, 200));
                default -> bytes = swapped(bytes, at, random.nextInt(bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] with(byte[] bytes, int at, char c) {
        bytes[at] = (byte) c;
        return bytes;
    }

    /// A piece of the message once more, behind itself.
    private static byte[] repeated(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        var all = new ArrayList<Byte>(bytes.length + length);
        for (int i = 0; i < end; i++) {
            all.add(bytes[i]);
        }
        for (int i = at; i < bytes.length; i++) {
            all.add(bytes[i]);
        }
        var result = new byte[all.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = all.get(i);
        }
        return result;
    }

    private static byte[] swapped(byte[] bytes, int one, int other) {
        byte kept = bytes[one];
        bytes[one] = bytes[other];
        bytes[other] = kept;
        return bytes;
    }
}
