package dev.petiole.scheduler.leader;

import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Leadership by a Lease (coordination.k8s.io). It is given back on shutdown, so that a successor need not wait.
public final class LeaseElection implements Leadership, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);

    private final LeaseLock lock;
    private final LeaderElectionProperties properties;
    private volatile boolean isHeld;
    private volatile boolean isRunning;
    private @Nullable Thread thread;

    public LeaseElection(ApiClient client, LeaderElectionProperties properties, String identity) {
        this.properties = properties;
        this.lock = new LeaseLock(properties.namespace(), properties.lease(), identity, client);
    }

    @Override
    public boolean isHeld() {
        return isHeld;
    }

    @Override
    public void start() {
        isRunning = true;
        thread = Thread.ofVirtual().name("leader-election").start(this::run);
    }

    @Override
    public void stop() {
        isRunning = false;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        if (isHeld) {
            isHeld = false;
            release();
        }
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    private void run() {
        Duration renewDeadline = properties.duration().multipliedBy(2).dividedBy(3);
        var config = new LeaderElectionConfig(lock, properties.duration(), renewDeadline, properties.renewEvery());
        while (isRunning) {
            try (var elector = new LeaderElector(config, this::failed)) {
                elector.run(this::won, this::lost);
            }
        }
    }

    private void won() {
        isHeld = isRunning;
        log.atInfo().addKeyValue("identity", lock.identity()).log("became leader");
    }

    private void lost() {
        isHeld = false;
        log.atInfo().addKeyValue("identity", lock.identity()).log("is not leader");
    }

    private void failed(Throwable error) {
        log.atWarn().addKeyValue("error", error.toString()).log("leader election failed for now");
    }

    private void release() {
        try {
            LeaderElectionRecord record = lock.get();
            if (lock.identity().equals(record.getHolderIdentity())) {
                record.setHolderIdentity("");
                record.setLeaseDurationSeconds(1);
                lock.update(record);
            }
        } catch (ApiException e) {
            log.atDebug().addKeyValue("error", e.toString()).log("lease was not given back; it will expire");
        }
    }
}
