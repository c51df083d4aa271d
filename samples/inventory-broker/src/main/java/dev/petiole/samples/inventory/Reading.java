package dev.petiole.samples.inventory;

import java.time.Instant;

/// What the scale said at one moment.
record Reading(String scale, String product, double weightGrams, double itemWeightGrams, Instant readAt) {

    /// The number of items on the scale, to the nearest whole one.
    long count() {
        return Math.round(weightGrams / itemWeightGrams);
    }
}
