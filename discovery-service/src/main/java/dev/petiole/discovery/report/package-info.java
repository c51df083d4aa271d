/// What this node tells the registry: that it lives (lease), and what its handlers see (observations).
@NullMarked
package dev.petiole.discovery.report;

import org.jspecify.annotations.NullMarked;
