/// Who may ask for the devices of a Configuration from another namespace, as the chart's admission policies read it.
@NullMarked
package dev.petiole.scheduler.consumer;

import org.jspecify.annotations.NullMarked;
