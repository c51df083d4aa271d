package dev.petiole.registry.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/// Answers what Tomcat itself refuses, such as a path that is none, with a problem instead of a page.
public final class ProblemValve extends ErrorReportValve {

    private static final int FIRST_ERROR = 400;

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < FIRST_ERROR || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        // Nothing of the request is repeated, so nothing has to be escaped.
        String problem = """
                {"type":"about:blank","title":"The request is not valid","status":%d,\
                "detail":"The server can't read the request's line, path, query or headers."}
                """.formatted(status);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            response.getReporter().write(problem.strip());
            response.finishResponse();
        } catch (IOException e) {
            // The caller is gone, and nobody else wants to know.
            request.getContext().getLogger().debug("problem not sent", e);
        }
    }
}
