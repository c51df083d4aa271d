package dev.petiole.registry.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.web.filter.OncePerRequestFilter;

/// Writes down who tried to change what, and how it ended, refusals included. What discovery services report by the
/// second is at DEBUG, unless it was refused. No bodies: they are in the history, and may be large.
final class AuditLog extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger("petiole.audit");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final int FIRST_REFUSAL = 400;
    private static final int MAX_PATH = 512;

    /// What the API server asks here is written there.
    private static final String QUESTIONS = "/admission/";

    private final Actors actors;

    AuditLog(Actors actors) {
        this.actors = actors;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return READS.contains(request.getMethod()) || request.getRequestURI().startsWith(QUESTIONS);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean hasAnswered = false;
        try {
            chain.doFilter(request, response);
            hasAnswered = true;
        } finally {
            write(request, hasAnswered ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        }
    }

    private void write(HttpServletRequest request, int status) {
        Actor actor = actors.current();
        boolean isRoutine = actor.is(Role.AGENT) && status < FIRST_REFUSAL;
        String path = request.getRequestURI();
        log.atLevel(isRoutine ? Level.DEBUG : Level.INFO)
                .addKeyValue("caller", actor.name())
                .addKeyValue("address", request.getRemoteAddr())
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", path.length() > MAX_PATH ? path.substring(0, MAX_PATH) + "…" : path)
                .addKeyValue("status", status)
                .log("write");
    }
}
