package dev.petiole.scheduler.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A test that needs the real API server of [TestCluster]. No other scheduler may be at work there. Where none can be
/// started it is skipped with the reason, or fails with `-De2e=required`.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresApiServer.Condition.class)
public @interface RequiresApiServer {

    /// Skips the test where there is no API server.
    final class Condition implements ExecutionCondition {

        private static @Nullable String obstacle;
        private static boolean isTried;

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String reason = obstacle();
            if (reason == null || "required".equals(System.getProperty("e2e"))) {
                return ConditionEvaluationResult.enabled("there is an API server");
            }
            return ConditionEvaluationResult.disabled("no API server: " + reason);
        }

        private static synchronized @Nullable String obstacle() {
            if (!isTried) {
                isTried = true;
                try {
                    TestCluster.get();
                } catch (RuntimeException e) {
                    obstacle = String.valueOf(e.getMessage());
                }
            }
            return obstacle;
        }
    }
}
