package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When which probes are sent. Pure: sends nothing itself.
final class ProbeSchedule {

    /* A round is a multicast probe for each kind of device, sent again once after a random delay (SOAP-over-UDP 1.1 §3.4),
     * since UDP loses packets. Given addresses are asked one by one at a bounded rate, and the more there are the less often.
     */

    static final int ADDRESSES_AT_ONCE = 10;
    static final Duration PAUSE_BETWEEN_ADDRESSES = Duration.ofMillis(50);

    private static final Duration PER_ADDRESS = Duration.ofMillis(50);
    private static final int MIN_REPEAT_DELAY_MILLIS = 50;
    private static final int MAX_REPEAT_DELAY_MILLIS = 250;
    private static final int REMEMBERED_IDS = 16;

    private final Duration interval;
    private final Duration answerWindow;
    private final List<InetAddress> addresses;
    private final RandomGenerator random;

    private final Deque<String> ids = new ArrayDeque<>();
    private List<byte[]> round = List.of();
    private Instant nextRound;
    private @Nullable Instant repeat;
    private @Nullable Instant firstScanEnd;

    private Instant nextSweep;
    private Instant sweepBegan = Instant.MIN;
    private int nextAddress;
    private byte[] sweepProbe = {};

    ProbeSchedule(OnvifQuery query, RandomGenerator random, Instant now) {
        this.interval = query.probeInterval();
        this.answerWindow = query.answerWindow();
        this.addresses = query.addresses();
        this.random = random;
        this.nextRound = now;
        this.nextSweep = addresses.isEmpty() ? Instant.MAX : now;
        this.firstScanEnd = addresses.isEmpty() ? now.plus(answerWindow) : null;
    }

    /// What is to be done now.
    ///
    /// @param isNewRound whether the round before has ended
    /// @param multicasts messages for the groups
    /// @param unicasts to whom the message is to be sent that [#sweepProbe] returns
    record Step(boolean isNewRound, List<byte[]> multicasts, List<InetAddress> unicasts) {}

    Step step(Instant now) {
        List<InetAddress> unicasts = nextAddresses(now);
        if (!now.isBefore(nextRound)) {
            round = List.of(probe(WsDiscovery.Kind.DEVICE), probe(WsDiscovery.Kind.VIDEO_TRANSMITTER));
            nextRound = now.plus(interval);
            repeat = now.plusMillis(random.nextInt(MIN_REPEAT_DELAY_MILLIS, MAX_REPEAT_DELAY_MILLIS + 1));
            return new Step(true, round, unicasts);
        }
        Instant again = repeat;
        if (again != null && !now.isBefore(again)) {
            repeat = null;
            return new Step(false, round, unicasts);
        }
        return new Step(false, List.of(), unicasts);
    }

    byte[] sweepProbe() {
        return sweepProbe.clone();
    }

    /// @return when [#step] has something to do next
    Instant next() {
        Instant next = nextRound.isBefore(nextSweep) ? nextRound : nextSweep;
        Instant again = repeat;
        return again != null && again.isBefore(next) ? again : next;
    }

    /// @return when devices have had their time to answer the first probes; null if that is not known yet
    @Nullable Instant firstScanEnd() {
        return firstScanEnd;
    }

    /// Whether an answer to that message is one to us.
    boolean isOurs(String messageId) {
        return ids.contains(messageId);
    }

    private List<InetAddress> nextAddresses(Instant now) {
        if (now.isBefore(nextSweep)) {
            return List.of();
        }
        if (nextAddress == 0) {
            sweepBegan = now;
            sweepProbe = probe(WsDiscovery.Kind.ANY);
        }
        int end = Math.min(nextAddress + ADDRESSES_AT_ONCE, addresses.size());
        List<InetAddress> unicasts = addresses.subList(nextAddress, end);
        if (end < addresses.size()) {
            nextAddress = end;
            nextSweep = now.plus(PAUSE_BETWEEN_ADDRESSES);
            return unicasts;
        }
        nextAddress = 0;
        Duration pause = PER_ADDRESS.multipliedBy(addresses.size());
        nextSweep = sweepBegan.plus(pause.compareTo(interval) > 0 ? pause : interval);
        if (firstScanEnd == null) {
            firstScanEnd = now.plus(answerWindow);
        }
        return unicasts;
    }

    private byte[] probe(WsDiscovery.Kind kind) {
        String id = "urn:uuid:" + new UUID(random.nextLong(), random.nextLong());
        ids.addLast(id);
        if (ids.size() > REMEMBERED_IDS) {
            ids.removeFirst();
        }
        return WsDiscovery.probe(id, kind);
    }
}
