package dev.petiole.e2e.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class that needs a cluster. Where none can be had it is skipped with the reason, or fails with
/// `-De2e=required`.
///
/// Its methods and constructor may take a [dev.petiole.e2e.cluster.Cluster], a [dev.petiole.e2e.cluster.Kubectl], the
/// [dev.petiole.e2e.installation.Installation] that all classes share, and a [TestNamespace] of the class's own.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("cluster")
@ExtendWith(ClusterExtension.class)
public @interface ClusterTest {}
