package dev.petiole.samples.inventory;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// The broker's scale and its latest reading. Reconnects for as long as it takes.
@Component
final class Scale {

    private static final Logger log = LoggerFactory.getLogger(Scale.class);

    private final ScaleUrl url;
    private final InventoryProperties properties;
    private final Clock clock;

    private volatile @Nullable Reading latest;
    private @Nullable ScaleConnection connection;
    private boolean isSilent;

    Scale(ScaleUrl url, InventoryProperties properties, Clock clock) {
        this.url = url;
        this.properties = properties;
        this.clock = clock;
    }

    ScaleUrl url() {
        return url;
    }

    /// The latest reading, unless it is too old to count.
    Optional<Reading> findFreshReading() {
        Reading reading = latest;
        return Optional.ofNullable(reading)
                .filter(r -> !clock.instant().isAfter(r.readAt().plus(properties.freshness())));
    }

    @Scheduled(fixedDelayString = "${inventory.read-period:1s}")
    synchronized void read() {
        try {
            ScaleConnection current = connection;
            if (current == null) {
                current = ScaleConnection.open(url, properties.timeout());
                connection = current;
            }
            latest = current.read(clock);
            heard();
        } catch (ScaleUnreadable e) {
            disconnect();
            missed(e);
        }
    }

    @PreDestroy
    synchronized void disconnect() {
        ScaleConnection current = connection;
        if (current != null) {
            current.close();
            connection = null;
        }
    }

    private void heard() {
        if (isSilent) {
            isSilent = false;
            log.atInfo().addKeyValue("scaleUrl", url.value()).log("scale answers again");
        }
    }

    private void missed(ScaleUnreadable e) {
        if (!isSilent) {
            isSilent = true;
            log.atWarn()
                    .addKeyValue("scaleUrl", url.value())
                    .addKeyValue("error", e.getMessage())
                    .log("scale does not answer");
        }
    }
}
