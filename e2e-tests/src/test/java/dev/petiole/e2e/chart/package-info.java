/// What the chart `petiole` renders, without a cluster.
@NullMarked
package dev.petiole.e2e.chart;

import org.jspecify.annotations.NullMarked;
