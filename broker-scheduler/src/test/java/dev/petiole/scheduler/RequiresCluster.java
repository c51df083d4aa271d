package dev.petiole.scheduler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A test that needs a real API server, whose kubeconfig the system property `petiole.it.kubeconfig` names. No other
/// scheduler may be at work there. In the whole build the stories of `e2e-tests` cover the same ground.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = "petiole.it.kubeconfig",
        matches = ".+",
        disabledReason = "no API server: give -Dpetiole.it.kubeconfig")
@interface RequiresCluster {}
