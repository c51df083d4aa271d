package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.Warning;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of one device, and what is to be asked next. Belongs to a [CameraTable].
final class Camera {

    static final int MISSED_ROUNDS = 3;
    static final Duration REFRESH = Duration.ofMinutes(10);

    private static final Duration RETRY_INCOMPLETE = Duration.ofMinutes(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_PLACES = 4;

    private final String uuid;
    private final DeviceSession session;

    /// What it announced, by where from, the latest last.
    private final Map<InetAddress, Announcement> places = new LinkedHashMap<>();

    private Inspection.@Nullable Read read;
    private @Nullable Warning trouble;
    private boolean isInspected;
    private Inspector.@Nullable Task task;
    private boolean isCheckEnough;
    private boolean hasAnsweredThisRound = true;
    private int missedRounds;
    private Instant due;
    private Instant refresh = Instant.MIN;
    private Instant askedAt = Instant.MIN;
    private Duration retry = FIRST_RETRY;

    Camera(String uuid, DeviceSession session, Instant now) {
        this.uuid = uuid;
        this.session = session;
        this.due = now;
    }

    String uuid() {
        return uuid;
    }

    /// Whether its service has ever answered.
    boolean isPresent() {
        return read != null;
    }

    boolean isInspected() {
        return isInspected;
    }

    boolean isBeingInspected() {
        return task != null;
    }

    boolean began(Inspector.Task other) {
        return task == other;
    }

    boolean isLost() {
        return missedRounds >= MISSED_ROUNDS && !isPresent();
    }

    Inspection.@Nullable Read read() {
        return read;
    }

    @Nullable Warning trouble() {
        return trouble;
    }

    /// Whether it is known to be at this address, and not only said to be.
    boolean isAt(InetAddress address) {
        Inspection.Read known = read;
        return known == null
                ? places.containsKey(address)
                : known.at().address().equals(address);
    }

    boolean hasAnnouncedFrom(InetAddress address) {
        return places.containsKey(address);
    }

    Announcement announcement() {
        Inspection.Read known = read;
        Announcement there = known == null ? null : places.get(known.at().address());
        return there == null ? candidates().getFirst().announcement() : there;
    }

    /// @return whether something else is known of it now
    boolean heard(Announcement announcement, InetAddress from, boolean isHello, Instant now) {
        Announcement before = places.remove(from);
        if (before == null && places.size() >= MAX_PLACES) {
            places.keySet().stream().filter(place -> !isAt(place)).findFirst().ifPresent(places::remove);
        }
        places.put(from, announcement);
        if (!isPresent() || isAt(from)) {
            hasAnsweredThisRound = true;
            missedRounds = 0;
        }
        boolean isNews = isPresent() && isAt(from) && !announcement.equals(before);
        if (isHello || isNews) {
            retry = FIRST_RETRY;
            // A device that says it is elsewhere may have moved, or may be someone else: ask where it was first.
            askBy(now, isPresent() && !isAt(from));
        }
        return isNews;
    }

    /// Someone at another address says that it left.
    void doubted(Instant now) {
        missedRounds = MISSED_ROUNDS;
        askBy(now, true);
    }

    void roundEnded(Instant now) {
        missedRounds = hasAnsweredThisRound ? 0 : missedRounds + 1;
        hasAnsweredThisRound = false;
        if (missedRounds >= MISSED_ROUNDS && isPresent()) {
            askBy(now, true);
        }
    }

    Instant due() {
        return isBeingInspected() ? Instant.MAX : due;
    }

    Inspector.Task begin(Instant now) {
        askedAt = now;
        Inspection.Read known = read;
        boolean isCheck = isCheckEnough && known != null && now.isBefore(refresh);
        isCheckEnough = false;
        if (!isCheck) {
            refresh = now.plus(REFRESH);
        }
        due = refresh;
        var begun = new Inspector.Task(uuid, candidates(), known == null ? null : known.at(), isCheck, session);
        task = begun;
        return begun;
    }

    void inspected(Inspection inspection, Instant now) {
        task = null;
        isInspected = true;
        switch (inspection) {
            case Inspection.Alive _ -> {
                missedRounds = 0;
                retry = FIRST_RETRY;
            }
            case Inspection.Read(var at, var facts, var isComplete, var warnings) -> {
                Inspection.Read old = read;
                read = new Inspection.Read(at, old == null ? facts : facts.or(old.facts()), isComplete, warnings);
                trouble = null;
                missedRounds = 0;
                retry = FIRST_RETRY;
                if (!isComplete) {
                    refresh = now.plus(RETRY_INCOMPLETE);
                    due = earlier(due, refresh);
                }
            }
            case Inspection.Unreachable(Warning warning) -> unreachable(warning, now);
        }
    }

    /// Silence alone takes no device away: it must have missed several rounds of probes too.
    private void unreachable(Warning warning, Instant now) {
        if (missedRounds >= MISSED_ROUNDS) {
            read = null;
        }
        if (!isPresent()) {
            trouble = warning;
        }
        due = earlier(due, now.plus(retry));
        Duration twice = retry.multipliedBy(2);
        retry = twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
    }

    /// However often a device gives cause to be asked, it is asked only so often.
    private void askBy(Instant now, boolean isCheck) {
        Instant next = askedAt.isAfter(now.minus(SHORTEST_PAUSE)) ? askedAt.plus(SHORTEST_PAUSE) : now;
        if (next.isBefore(due)) {
            isCheckEnough = isCheck;
            due = next;
        } else {
            isCheckEnough = isCheckEnough && isCheck;
        }
    }

    /// Where it answered before comes first, then IPv4, then addresses that mean something beyond one link.
    private List<Inspector.Candidate> candidates() {
        Comparator<InetAddress> order = Comparator.comparing((InetAddress address) -> !(isPresent() && isAt(address)))
                .thenComparing(address -> !(address instanceof Inet4Address))
                .thenComparing(InetAddress::isLinkLocalAddress);
        var sorted = new ArrayList<>(places.keySet());
        sorted.sort(order);
        var candidates = new ArrayList<Inspector.Candidate>();
        for (InetAddress place : sorted) {
            Announcement announcement = places.get(place);
            if (announcement != null) {
                candidates.add(new Inspector.Candidate(place, announcement));
            }
        }
        return candidates;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
