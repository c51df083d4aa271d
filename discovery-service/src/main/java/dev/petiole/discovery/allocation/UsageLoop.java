package dev.petiole.discovery.allocation;

import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.discovery.report.RegistrySession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Tells the registry which claims are in use, whenever that has changed or the registry may have got it wrong.
@Component
final class UsageLoop implements SmartLifecycle {

    private static final int PHASE = 110;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration RESYNC = Duration.ofMinutes(1);

    private static final Duration PAUSE_IN_DOUBT = Duration.ofSeconds(5);

    private final Claims claims;
    private final RegistryClaims registry;
    private final RegistrySession session;
    private final Loop loop;
    private final AtomicBoolean isWanted = new AtomicBoolean();

    // Touched by the loop alone.
    private @Nullable Said said;

    /// What the registry has confirmed.
    ///
    /// @param answered how many requests for a slot had been answered before. One that is granted and given
    ///     back between two reports shows in nothing else, but the registry holds it until it hears of that
    record Said(String session, long answered, List<Claim> claims) {}

    UsageLoop(Claims claims, RegistryClaims registry, RegistrySession session, RandomGenerator random) {
        this.claims = claims;
        this.registry = registry;
        this.session = session;
        this.loop = new Loop("usage", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::report);
        claims.onChange(loop::ring);
        session.onBegin(loop::ring);
        session.onUsageWanted(() -> {
            isWanted.set(true);
            loop.ring();
        });
    }

    private Duration report() {
        Optional<String> id = session.id();
        if (id.isEmpty() || !claims.isComplete()) {
            return RESYNC;
        }
        boolean isInDoubt = registry.mayHoldTooMuch();
        if (isWanted.getAndSet(false)) {
            said = null;
        }
        if (isInDoubt || !new Said(id.get(), registry.answered(), claims.list()).equals(said)) {
            said = null;
            said = registry.report(id.get(), claims::list);
        }
        return isInDoubt ? PAUSE_IN_DOUBT : RESYNC;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.close();
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
