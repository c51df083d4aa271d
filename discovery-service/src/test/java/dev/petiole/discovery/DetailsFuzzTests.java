package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// What somebody writes into a Configuration is understood, or refused in words. Seeded, so that what fails once fails
/// again.
class DetailsFuzzTests {

    private static final long SEED = 20261124;
    private static final int ROUNDS = 2_000;

    private static final Map<String, List<String>> SAMPLES = Map.of(
            "udev",
            List.of(
                    "udevRules: ['KERNEL==\"video[0-9]*\"']\ngroupRecursive: true\npermissions: rw\nproperties: [TAGS]"),
            "opcua",
            List.of(
                    "opcuaDiscoveryMethod: {standard: {discoveryUrls: ['opc.tcp://a:4840/']}}\npollInterval: 5s",
                    "opcuaDiscoveryMethod: {scan: {addresses: [10.0.0.0/24], ports: [4840], interval: 1m}, mdns: {}}"),
            "onvif",
            List.of("ipAddresses: {action: Exclude, items: [10.0.0.1]}\naddresses: [10.0.0.0/28]\nprobeInterval: 10s"),
            "debugEcho",
            List.of("{descriptions: [a, b], flap: 1s, nodes: [n]}"));

    private static final List<String> BOMBS = List.of(
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                    + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nudevRules: *e\ndescriptions: *e",
            "[".repeat(50_000),
            "{a: ".repeat(50_000),
            "? ".repeat(20_000),
            "descriptions: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://127.0.0.1:1/']]");

    @Test
    @Timeout(120)
    void mutatedDetailsArePreparedOrRefusedInWords() {
        try (ConfigurableApplicationContext context = SpringApplication.run(
                DiscoveryApplication.class,
                "--petiole.node-name=node1",
                "--petiole.management.port=0",
                "--petiole.registry.url=http://127.0.0.1:1",
                "--petiole.debug-echo.enabled=true",
                "--petiole.data-dir=target/details-fuzz")) {
            DiscoveryHandlers handlers = context.getBean(DiscoveryHandlers.class);
            SAMPLES.forEach((name, samples) -> {
                DiscoveryHandler handler = handlers.find(name).orElseThrow();
                BOMBS.forEach(bomb -> isPrepared(handler, bomb));
                int prepared = samples.stream()
                        .mapToInt(sample -> prepared(handler, sample))
                        .sum();
                assertThat(prepared).as(name).isBetween(1, ROUNDS * samples.size() - 1);
            });
        }
    }

    private static int prepared(DiscoveryHandler handler, String sample) {
        var random = new Random(SEED);
        byte[] seed = sample.getBytes(StandardCharsets.UTF_8);
        int prepared = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = seed.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextInt(3) > 0 ? seed[random.nextInt(seed.length)] : (byte) random.nextInt(32, 127);
            }
            prepared += isPrepared(handler, new String(bytes, StandardCharsets.UTF_8)) ? 1 : 0;
        }
        return prepared;
    }

    private static boolean isPrepared(DiscoveryHandler handler, String details) {
        try {
            handler.prepare(HandlerInput.of(details));
            return true;
        } catch (InvalidDetails e) {
            assertThat(e.getMessage()).startsWith("discoveryDetails").hasSizeLessThan(2_000);
            return false;
        }
    }
}
