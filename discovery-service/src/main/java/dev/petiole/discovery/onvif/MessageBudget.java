package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// How many messages are read in a round of probes: so that whoever floods is heard no more than others.
final class MessageBudget {

    static final int MAX_MESSAGES = 20_000;
    static final int MAX_MESSAGES_OF_A_HOST = 200;

    private static final int MAX_HOSTS = 4096;

    private final Map<InetAddress, Integer> byHost = new HashMap<>();
    private int all;

    /// @return whether one more message from there may be read
    boolean spend(InetAddress from) {
        if (all >= MAX_MESSAGES || byHost.size() >= MAX_HOSTS && !byHost.containsKey(from)) {
            return false;
        }
        if (byHost.merge(from, 1, Integer::sum) > MAX_MESSAGES_OF_A_HOST) {
            return false;
        }
        all++;
        return true;
    }

    void renew() {
        byHost.clear();
        all = 0;
    }
}
