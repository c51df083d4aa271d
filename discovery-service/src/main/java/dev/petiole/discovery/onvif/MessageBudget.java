package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How much is read in a while: so that whoever floods costs little and is heard no more than others. What is left
/// unread takes no device away, since silence alone never does.
final class MessageBudget {

    static final Duration WHILE = Duration.ofSeconds(10);
    static final int MAX_BYTES = 32 * 1024 * 1024;
    static final int MAX_BYTES_OF_A_HOST = 512 * 1024;

    private static final int MAX_HOSTS = 4096;
    private static final int LEAST_BYTES = 256;

    private final Map<InetAddress, Integer> byHost = new HashMap<>();
    private int all;
    private Instant renewal = Instant.MIN;

    /// @return whether a message of so many bytes from there may be read
    boolean spend(InetAddress from, int bytes, Instant now) {
        if (!now.isBefore(renewal)) {
            byHost.clear();
            all = 0;
            renewal = now.plus(WHILE);
        }
        int cost = Math.max(bytes, LEAST_BYTES);
        int ofHost = byHost.getOrDefault(from, 0) + cost;
        boolean isKnown = byHost.containsKey(from) || byHost.size() < MAX_HOSTS;
        if (!isKnown || ofHost > MAX_BYTES_OF_A_HOST || all + cost > MAX_BYTES) {
            return false;
        }
        byHost.put(from, ofHost);
        all += cost;
        return true;
    }
}
