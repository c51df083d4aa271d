/// The cluster as a JUnit resource: one per JVM, found when the first test asks and closed after the last.
@NullMarked
package dev.petiole.e2e.junit;

import org.jspecify.annotations.NullMarked;
