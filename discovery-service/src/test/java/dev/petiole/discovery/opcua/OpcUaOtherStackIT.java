package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.pace.SteadyClock;
import dev.petiole.discovery.testing.PythonPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against Python's `asyncua`: a stack that shares nothing with Milo. The announced one lives in a network namespace
/// of its own (Linux, root, `ip`).
class OpcUaOtherStackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String ASYNCUA = "asyncua==2.1.0";
    private static final String ZEROCONF = "zeroconf==0.154.0";

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
                    if len(sys.argv) > 2:
                        import socket
                        from zeroconf.asyncio import AsyncZeroconf
                        from zeroconf import ServiceInfo
                        address, port = sys.argv[2], int(sys.argv[3])
                        zeroconf = AsyncZeroconf(interfaces=[address])
                        await zeroconf.async_register_service(ServiceInfo(
                            "_opcua-tcp._tcp.local.", "Python._opcua-tcp._tcp.local.", port,
                            addresses=[socket.inet_aton(address)],
                            properties={"path": "/server/", "caps": "LDS"}, server="python.local."))
                    await asyncio.sleep(300)
            asyncio.run(main())
            """;

    private final String suffix = Long.toString(ProcessHandle.current().pid());
    private final String namespace = "opcua-" + suffix;
    private final String near = "ou" + suffix + "a";

    @AfterEach
    void removeNetwork() throws Exception {
        isDone("ip", "link", "delete", near);
        isDone("ip", "netns", "delete", namespace);
    }

    @Test
    void serverOfAnotherStackIsFoundAndItsEndIsNoticedAtOnce() throws Exception {
        String url = "opc.tcp://127.0.0.1:" + RunningServer.freePort() + "/server/";
        Process server = start(PythonPeer.with(ASYNCUA), "-c", SERVER, url);
        try (var sightings = new RecordedSightings(
                new OpcUaHandler().prepare(input("standard: {discoveryUrls: ['" + url + "']}")))) {
            eventually(() -> isFound(sightings, url));

            server.destroyForcibly();

            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isEmpty());
        } finally {
            server.destroyForcibly();
        }
    }

    /// Nobody told us where it is: Python's `zeroconf` announces it, over a network of its own.
    @Test
    void serverAnnouncedByAnotherStackIsFound() throws Exception {
        String python = PythonPeer.with(ASYNCUA, ZEROCONF);
        makeNetwork();
        var handler = new OpcUaHandler(at -> at.getName().equals(near), new SteadyClock());
        try (var sightings = new RecordedSightings(handler.prepare(input("mdns: {}")))) {
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());

            Process server = start(
                    "ip",
                    "netns",
                    "exec",
                    namespace,
                    python,
                    "-c",
                    SERVER,
                    "opc.tcp://10.99.8.2:4840/server/",
                    "10.99.8.2",
                    "4840");
            try {
                eventually(() -> isFound(sightings, "opc.tcp://10.99.8.2:4840/server/"));
            } finally {
                server.destroyForcibly();
            }
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());
        }
    }

    private static void isFound(RecordedSightings sightings, String url) {
        assertThat(sightings.last().devices()).singleElement().satisfies(device -> {
            assertThat(device.identity()).isEqualTo("urn:python:server");
            assertThat(device.properties())
                    .containsEntry("OPCUA_DISCOVERY_URL", url)
                    .containsEntry("OPCUA_APPLICATION_NAME", "python")
                    .containsKeys("OPCUA_SECURITY_POLICIES", "OPCUA_SECURITY_MODES", "OPCUA_USER_TOKEN_TYPES");
        });
    }

    private void makeNetwork() throws Exception {
        String far = "ou" + suffix + "b";
        assumeTrue(isDone("ip", "netns", "add", namespace), "no network namespaces here");
        assumeTrue(
                isDone("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace),
                "no virtual interfaces here");
        run("ip", "address", "add", "10.99.8.1/24", "dev", near);
        run("ip", "link", "set", near, "up");
        run("ip", "-n", namespace, "address", "add", "10.99.8.2/24", "dev", far);
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "link", "set", far, "up");
        run("ip", "-n", namespace, "route", "add", "224.0.0.0/4", "dev", far);
    }

    private static HandlerInput input(String method) {
        return HandlerInput.of("pollInterval: 1m\nopcuaDiscoveryMethod: {" + method + "}");
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void run(String... command) throws Exception {
        assertThat(isDone(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            Process process = start(command);
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }
}
