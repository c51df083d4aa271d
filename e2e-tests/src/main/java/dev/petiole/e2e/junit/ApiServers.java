package dev.petiole.e2e.junit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.petiole.e2e.cluster.ApiServerProcess;
import java.io.IOException;
import java.nio.file.Path;

/// Real API servers for tests that need no nodes.
public final class ApiServers {

    private ApiServers() {}

    /// Starts one. Where none can be had, the test is skipped with the reason, or fails with `-De2e=required`.
    ///
    /// @param test whose API server it is; its logs are in a directory of that name below `target`
    public static ApiServerProcess start(Class<?> test) {
        try {
            return ApiServerProcess.start(Path.of("target", "api-server", test.getSimpleName()));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            return "required".equals(System.getProperty("e2e")) ? fail(message, e) : abort(message);
        }
    }
}
