package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageBudgetTests {

    private final MessageBudget budget = new MessageBudget();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void hostThatFloodsIsHeardNoMoreThanOthers() {
        assertThat(spendAll("192.0.2.1", 1_024)).isEqualTo(512);
        assertThat(spendAll("192.0.2.2", 1)).isEqualTo(2_048);

        now = now.plus(MessageBudget.WHILE);

        assertThat(spendAll("192.0.2.1", 1_024)).isEqualTo(512);
    }

    @Test
    void manyHostsTogetherHaveALimitToo() {
        long read = IntStream.range(0, 250)
                .mapToLong(i -> spendAll("10.0.0." + i, 32 * 1024))
                .sum();

        assertThat(read).isEqualTo(1_024);
    }

    private long spendAll(String host, int bytes) {
        InetAddress from = InetAddress.ofLiteral(host);
        return IntStream.range(0, 3_000)
                .filter(_ -> budget.spend(from, bytes, now))
                .count();
    }
}
