package dev.petiole.registry.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Problems;
import dev.petiole.registry.query.ListOrWatch;
import dev.petiole.registry.security.LimitProperties.Limit;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets no caller ask for more than its share: requests by a token bucket, open watches by count.
final class CallerLimits extends OncePerRequestFilter {

    private static final int MAX_CALLERS = 10_000;
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Function<HttpServletRequest, Share> shares;
    private final Problems problems;
    private final LimitMeters meters;
    private final Cache<String, Use> uses = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(FORGET_AFTER)
            .build();

    /// @param shares whose request it is, and how much they may
    CallerLimits(Function<HttpServletRequest, Share> shares, Problems problems, LimitMeters meters) {
        this.meters = meters;
        this.shares = shares;
        this.problems = problems;
    }

    /// @param caller such as a name or an address
    record Share(String caller, Limit limit) {}

    private record Use(Bucket requests, Semaphore watches) {

        static Use of(Limit limit) {
            Bucket requests = Bucket.builder()
                    .addLimit(bandwidth -> bandwidth
                            .capacity(limit.burst())
                            .refillGreedy(limit.requestsPerSecond(), Duration.ofSeconds(1)))
                    .build();
            return new Use(requests, new Semaphore(limit.watches()));
        }
    }

    @Override
    protected String getAlreadyFilteredAttributeName() {
        return super.getAlreadyFilteredAttributeName() + "." + System.identityHashCode(this); // There are two of us.
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Share share = shares.apply(request);
        Use use = uses.get(share.caller(), _ -> Use.of(share.limit()));
        ConsumptionProbe probe = use.requests().tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            meters.refusedRequest();
            long seconds = Math.ceilDiv(probe.getNanosToWaitForRefill(), NANOS_PER_SECOND);
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, seconds)));
            problems.send(
                    request,
                    response,
                    ProblemType.TOO_MANY_REQUESTS,
                    share.caller() + " may make " + share.limit().requestsPerSecond()
                            + " requests a second; slow down, or watch a list instead of asking again and again.");
            return;
        }
        if (!isWatch(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (!use.watches().tryAcquire()) {
            meters.refusedWatch();
            problems.send(
                    request,
                    response,
                    ProblemType.TOO_MANY_WATCHES,
                    share.caller() + " may have " + share.limit().watches()
                            + " watches open at a time; close some, or watch one list with a wider filter.");
            return;
        }
        try {
            // A watch keeps its thread until it ends.
            chain.doFilter(request, response);
        } finally {
            use.watches().release();
        }
    }

    private static boolean isWatch(HttpServletRequest request) {
        return ListOrWatch.isWatch(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    }
}
