/// Programs outside this JVM: run to their end, or kept running and ended for sure.
@NullMarked
package dev.petiole.e2e.process;

import org.jspecify.annotations.NullMarked;
