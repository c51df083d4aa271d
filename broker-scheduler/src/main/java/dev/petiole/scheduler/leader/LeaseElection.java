package dev.petiole.scheduler.leader;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Leadership by a Lease (coordination.k8s.io/v1). It is given back on shutdown, so that a successor need not wait, and
/// ends by itself, without anybody's help, when it could not be renewed in time.
///
/// Expiry is measured on one's own clock, from when one has seen the Lease change: clocks need not agree.
public final class LeaseElection implements Leadership, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);

    private final CoordinationV1Api leases;
    private final LeaderElectionProperties properties;
    private final String identity;
    private final Clock clock;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private @Nullable Thread thread;
    private @Nullable Seen seen;
    private volatile boolean isRunning;
    private volatile boolean isHolder;
    private volatile long renewedAt;

    /// @param identity unique among the rivals
    public LeaseElection(
            ApiClient client,
            LeaderElectionProperties properties,
            String identity,
            Clock clock,
            RandomGenerator random) {
        this.leases = new CoordinationV1Api(client);
        this.properties = properties;
        this.identity = identity;
        this.clock = clock;
        this.random = random;
    }

    /// A version of the Lease, and when it was first seen.
    private record Seen(@Nullable String version, long at) {}

    @Override
    public boolean isHeld() {
        // Two thirds of the duration: it must be over here before it is over for the rivals.
        long deadline = properties.duration().toNanos() / 3 * 2;
        return isHolder && System.nanoTime() - renewedAt < deadline;
    }

    @Override
    public void start() {
        isRunning = true;
        thread = Thread.ofVirtual().name("leader-election").start(this::run);
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            isRunning = false;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running != null) {
            join(running);
        }
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Started before, and stopped after, those who act.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 2;
    }

    private void run() {
        while (isRunning) {
            boolean was = isHeld();
            try {
                acquireOrRenew();
            } catch (ApiException e) {
                log.atWarn()
                        .addKeyValue("lease", properties.lease())
                        .addKeyValue("error", e.getCode() == 0 ? String.valueOf(e.getMessage()) : e.getCode())
                        .log("lease could not be read or renewed");
            }
            boolean is = isHeld();
            if (was != is) {
                log.atInfo().addKeyValue("identity", identity).log(is ? "became leader" : "is leader no more");
            }
            pause();
        }
        release();
    }

    private void acquireOrRenew() throws ApiException {
        V1Lease lease = find();
        if (lease == null) {
            leases.createNamespacedLease(properties.namespace(), newLease()).execute();
            won();
            return;
        }
        V1LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), V1LeaseSpec::new);
        boolean isOurs = identity.equals(spec.getHolderIdentity());
        if (!isOurs && !isFree(lease, spec)) {
            isHolder = false;
            return;
        }
        if (!isOurs) {
            Integer transitions = spec.getLeaseTransitions();
            spec.leaseTransitions(transitions == null ? 1 : transitions + 1).acquireTime(now());
        }
        hold(spec);
        if (replace(lease.spec(spec))) {
            won();
        } else {
            isHolder = false;
        }
    }

    /// @return whether nobody holds it, or its holder has not renewed it for as long as it lasts
    private boolean isFree(V1Lease lease, V1LeaseSpec spec) {
        String holder = spec.getHolderIdentity();
        if (holder == null || holder.isEmpty()) {
            return true;
        }
        V1ObjectMeta metadata = lease.getMetadata();
        String version = metadata == null ? null : metadata.getResourceVersion();
        Seen last = seen;
        if (last == null || !Objects.equals(last.version(), version)) {
            seen = new Seen(version, System.nanoTime());
            return false;
        }
        Integer seconds = spec.getLeaseDurationSeconds();
        long duration = seconds == null ? properties.duration().toNanos() : TimeUnit.SECONDS.toNanos(seconds);
        return System.nanoTime() - last.at() >= duration;
    }

    private void won() {
        renewedAt = System.nanoTime();
        isHolder = true;
        seen = null;
    }

    private void release() {
        if (!isHolder) {
            return;
        }
        isHolder = false;
        try {
            V1Lease lease = find();
            V1LeaseSpec spec = lease == null ? null : lease.getSpec();
            if (lease != null && spec != null && identity.equals(spec.getHolderIdentity())) {
                replace(lease.spec(spec.holderIdentity("").leaseDurationSeconds(1)));
                log.atInfo().addKeyValue("identity", identity).log("gave leadership back");
            }
        } catch (ApiException e) {
            log.atDebug().addKeyValue("error", e.toString()).log("lease was not given back; it will expire");
        }
    }

    private @Nullable V1Lease find() throws ApiException {
        try {
            return leases.readNamespacedLease(properties.lease(), properties.namespace())
                    .execute();
        } catch (ApiException e) {
            if (e.getCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    /// @return false if someone else was faster
    private boolean replace(V1Lease lease) throws ApiException {
        try {
            leases.replaceNamespacedLease(properties.lease(), properties.namespace(), lease)
                    .execute();
            return true;
        } catch (ApiException e) {
            if (e.getCode() == 409) {
                return false;
            }
            throw e;
        }
    }

    private V1Lease newLease() {
        var spec = new V1LeaseSpec().leaseTransitions(0).acquireTime(now());
        hold(spec);
        return new V1Lease()
                .metadata(new V1ObjectMeta().namespace(properties.namespace()).name(properties.lease()))
                .spec(spec);
    }

    private void hold(V1LeaseSpec spec) {
        spec.holderIdentity(identity)
                .leaseDurationSeconds((int) Math.max(1, properties.duration().toSeconds()))
                .renewTime(now());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private void pause() {
        // So that rivals don't meet at the same moment again and again.
        long millis = properties.renewEvery().toMillis();
        Duration pause = Duration.ofMillis(millis + random.nextLong(millis / 5 + 1));
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && isRunning) {
                left = stopping.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            isRunning = false;
        } finally {
            lock.unlock();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
