/// That the pages which people read are true: what they show is taken by a real API server and by the chart.
@NullMarked
package dev.petiole.e2e.documentation;

import org.jspecify.annotations.NullMarked;
