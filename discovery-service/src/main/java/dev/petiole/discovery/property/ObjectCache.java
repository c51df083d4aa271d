package dev.petiole.discovery.property;

import dev.petiole.discovery.kubernetes.KubernetesApi;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// The Secrets and ConfigMaps that Configurations of this node refer to, in memory and up to date: their
/// changes are told where `watch` is granted, and looked for where it is not. Thread-safe.
@Component
final class ObjectCache implements SmartLifecycle {

    private static final int PHASE = 140;
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final Duration WHEN_NOTHING_IS_WANTED = Duration.ofHours(1);
    // Until then something else has to say that it has come, or was granted.
    private static final Duration WHEN_NOT_THERE = Duration.ofSeconds(5);
    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(200);

    private final KubernetesObjects objects;
    private final Duration lookAgain;
    private final Duration watchAgain;
    private final Clock clock;
    private final RandomGenerator random;
    private final Loop loop;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // Guarded by `this`.
    private Set<ObjectRef> wanted = Set.of();
    private final Map<ObjectRef, Content> contents = new HashMap<>();

    // Touched by the loop alone, and by stop() after it.
    private final Map<ObjectRef, Instant> dueAt = new HashMap<>();
    private final Map<ObjectRef, ObjectWatch> watches = new HashMap<>();
    private final Map<ObjectRef, Instant> deniedUntil = new HashMap<>();

    ObjectCache(KubernetesApi kubernetes, SecretsProperties properties, Clock clock, RandomGenerator random) {
        this.objects = new KubernetesObjects(kubernetes, properties);
        this.lookAgain = properties.lookAgain();
        this.watchAgain = properties.watchAgain();
        this.clock = clock;
        this.random = random;
        this.loop = new Loop("secrets", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::lookAtDue);
    }

    /// Calls `listener` after each change; it must only note that there is something to do.
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Keeps exactly these.
    void want(Set<ObjectRef> refs) {
        synchronized (this) {
            if (refs.equals(wanted)) {
                return;
            }
            wanted = Set.copyOf(refs);
            contents.keySet().retainAll(wanted);
        }
        loop.ring();
    }

    /// @return null while it has not been looked at
    synchronized @Nullable Content find(ObjectRef ref) {
        return contents.get(ref);
    }

    private synchronized Set<ObjectRef> wanted() {
        return wanted;
    }

    private Duration lookAtDue() throws InterruptedException {
        Set<ObjectRef> refs = wanted();
        dueAt.keySet().retainAll(refs);
        deniedUntil.keySet().retainAll(refs);
        watches.entrySet().removeIf(watch -> {
            boolean isUnwanted = !refs.contains(watch.getKey());
            if (isUnwanted) {
                watch.getValue().close();
            }
            return isUnwanted;
        });
        Duration pause = WHEN_NOTHING_IS_WANTED;
        for (ObjectRef ref : refs) {
            Instant now = clock.instant();
            ObjectWatch watch = watches.get(ref);
            boolean hasChanged = watch != null && watch.hasEnded() && watch.isGranted();
            if (hasChanged || !dueAt.getOrDefault(ref, now).isAfter(now)) {
                dueAt.put(ref, clock.instant().plus(look(ref)));
            }
            Duration untilDue = Duration.between(clock.instant(), dueAt.getOrDefault(ref, now));
            pause = untilDue.compareTo(pause) < 0 ? untilDue : pause;
        }
        return pause.isPositive() ? pause : Duration.ofMillis(1);
    }

    /// @return how long until it is to be looked at again, unless it is heard that it has changed
    private Duration look(ObjectRef ref) throws InterruptedException {
        Content before = find(ref);
        Content now = objects.look(ref, before);
        // A Kubernetes API that is away for a while takes nothing back.
        boolean isNoNews = now instanceof Content.Unreachable && before != null;
        if (!isNoNews && !now.equals(before)) {
            synchronized (this) {
                if (wanted.contains(ref)) {
                    contents.put(ref, now);
                }
            }
            listeners.forEach(Runnable::run);
        }
        return jittered(now instanceof Content.Present present ? followed(ref, present) : WHEN_NOT_THERE);
    }

    private Duration followed(ObjectRef ref, Content.Present present) {
        ObjectWatch watch = watches.get(ref);
        if (watch != null && watch.hasEnded() && !watch.isGranted()) {
            // Looking has to do for now: the answer will hardly be another one soon.
            Instant now = clock.instant();
            Instant again = deniedUntil.computeIfAbsent(ref, _ -> now.plus(jittered(watchAgain)));
            if (now.isBefore(again)) {
                return lookAgain;
            }
            deniedUntil.remove(ref);
        }
        if (watch == null || watch.hasEnded()) {
            watches.put(ref, ObjectWatch.start(objects, ref, present.resourceVersion(), loop::ring));
        }
        return lookAgain;
    }

    private Duration jittered(Duration duration) {
        return duration.plusMillis(random.nextLong(BEFORE_ASKING_AGAIN.toMillis()));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.close();
        watches.values().forEach(ObjectWatch::close);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
