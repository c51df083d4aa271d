package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageBudgetTests {

    private final MessageBudget budget = new MessageBudget();

    @Test
    void hostThatFloodsIsHeardNoMoreThanOthers() {
        assertThat(spendAll("192.0.2.1", 100_000)).isEqualTo(MessageBudget.MAX_MESSAGES_OF_A_HOST);
        assertThat(budget.spend(InetAddress.ofLiteral("192.0.2.2"))).isTrue();

        budget.renew();

        assertThat(budget.spend(InetAddress.ofLiteral("192.0.2.1"))).isTrue();
    }

    @Test
    void manyHostsTogetherHaveALimitToo() {
        long read = IntStream.range(0, 1_000)
                .mapToLong(i -> spendAll("10.0." + i / 250 + "." + i % 250, 1_000))
                .sum();

        assertThat(read).isEqualTo(MessageBudget.MAX_MESSAGES);
    }

    private long spendAll(String host, int messages) {
        InetAddress from = InetAddress.ofLiteral(host);
        return IntStream.range(0, messages).filter(_ -> budget.spend(from)).count();
    }
}
