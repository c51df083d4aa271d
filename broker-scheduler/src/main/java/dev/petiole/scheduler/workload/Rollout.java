package dev.petiole.scheduler.workload;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/// How many brokers that serve may be taken away now, so that a change rolls through them. One that does not serve may
/// always be replaced.
final class Rollout {

    private static final int PERCENT = 100;
    private static final int DEFAULT_PERCENT = 25;

    private int left;

    private Rollout(int left) {
        this.left = left;
    }

    /// @param brokerSpec has `maxUnavailable`, a number or a percentage of all, rounded down but at least 1; 25 % if
    ///     absent
    /// @param count how many brokers there are
    /// @param unavailable how many of them don't serve
    static Rollout of(JsonObject brokerSpec, int count, int unavailable) {
        return new Rollout(Math.max(1, limit(brokerSpec.get("maxUnavailable"), count)) - unavailable);
    }

    /// @param isAvailable whether the broker serves
    /// @return whether it may be replaced now, which then counts
    boolean mayReplace(boolean isAvailable) {
        if (!isAvailable) {
            return true;
        }
        left--;
        return left >= 0;
    }

    private static int limit(@Nullable JsonElement maxUnavailable, int count) {
        String text = maxUnavailable == null || !maxUnavailable.isJsonPrimitive()
                ? DEFAULT_PERCENT + "%"
                : maxUnavailable.getAsString();
        return text.endsWith("%")
                ? count * Integer.parseInt(text.substring(0, text.length() - 1)) / PERCENT
                : (int) Double.parseDouble(text);
    }
}
