package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Against a server of another stack, Python's `asyncua`. Runs where the Python named by the property
/// `petiole.test.asyncua.python` (`python3` if absent) has it.
class OpcUaOtherStackIT {

    private static final String PYTHON = System.getProperty("petiole.test.asyncua.python", "python3");

    private static final String SERVER = """
            import asyncio, sys
            from asyncua import Server
            async def main():
                server = Server()
                await server.init()
                server.set_endpoint(sys.argv[1])
                server.set_server_name("python")
                await server.set_application_uri("urn:python:server")
                async with server:
                    await asyncio.sleep(120)
            asyncio.run(main())
            """;

    @Test
    void serverOfAnotherStackIsFoundAndItsEndIsNoticedAtOnce() throws Exception {
        assumeTrue(hasAsyncua(), "no asyncua in " + PYTHON);
        String url = "opc.tcp://127.0.0.1:" + RunningServer.freePort() + "/server/";
        Process server = new ProcessBuilder(PYTHON, "-c", SERVER, url)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var input =
                HandlerInput.of("pollInterval: 1m\nopcuaDiscoveryMethod: {standard: {discoveryUrls: ['" + url + "']}}");
        try (var sightings = new RecordedSightings(new OpcUaHandler().prepare(input))) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(sightings.last().devices())
                            .singleElement()
                            .satisfies(device -> {
                                assertThat(device.identity()).isEqualTo("urn:python:server");
                                assertThat(device.properties())
                                        .containsEntry("OPCUA_DISCOVERY_URL", url)
                                        .containsEntry("OPCUA_APPLICATION_NAME", "python")
                                        .containsKeys(
                                                "OPCUA_SECURITY_POLICIES",
                                                "OPCUA_SECURITY_MODES",
                                                "OPCUA_USER_TOKEN_TYPES");
                            }));

            server.destroyForcibly();

            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isEmpty());
        } finally {
            server.destroyForcibly();
        }
    }

    private static boolean hasAsyncua() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(PYTHON, "-c", "import asyncua")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
