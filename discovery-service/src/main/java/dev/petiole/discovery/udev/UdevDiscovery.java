package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Scans sysfs whenever the kernel or udevd says that something changed.
final class UdevDiscovery implements Discovery {

    /// Uevents come in bursts, one for each part of a device.
    private static final Duration QUIET = Duration.ofMillis(50);

    private static final Duration LONGEST_BURST = Duration.ofMillis(500);

    /// Backs up a lost uevent.
    private static final Duration BACK_UP_POLL = Duration.ofSeconds(60);

    /// Where no uevents can be had.
    private static final Duration POLL_WITHOUT_UEVENTS = Duration.ofSeconds(5);

    private final UdevQuery query;
    private final Scan scan;
    private final DeviceChanges changes;

    UdevDiscovery(UdevQuery query, Scan scan, DeviceChanges changes) {
        this.query = query;
        this.scan = scan;
        this.changes = changes;
    }

    @Override
    public void run(DiscoverySink sink) throws IOException, InterruptedException {
        var changed = new Semaphore(0);
        // Before the first scan, so that no change falls in between.
        try (DeviceChanges.Subscription subscription = changes.subscribe(changed::release)) {
            Duration poll = subscription.isLive() ? BACK_UP_POLL : POLL_WITHOUT_UEVENTS;
            @Nullable Sighting reported = null;
            while (true) {
                changed.drainPermits();
                Sighting sighting = look();
                if (!sighting.equals(reported)) {
                    sink.report(sighting);
                    reported = sighting;
                }
                if (changed.tryAcquire(poll.toNanos(), TimeUnit.NANOSECONDS)) {
                    awaitQuiet(changed);
                }
            }
        }
    }

    private Sighting look() throws IOException {
        List<SysfsDevice> matched =
                scan.begin().devices().stream().filter(query::matches).toList();
        return Sighting.of(UdevDevices.of(matched, query));
    }

    private static void awaitQuiet(Semaphore changed) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_BURST.toNanos();
        while (System.nanoTime() < end && changed.tryAcquire(QUIET.toNanos(), TimeUnit.NANOSECONDS)) {
            changed.drainPermits();
        }
    }

    /// Begins a scan of the devices there are now.
    @FunctionalInterface
    interface Scan {
        Sysfs begin() throws IOException;
    }
}
