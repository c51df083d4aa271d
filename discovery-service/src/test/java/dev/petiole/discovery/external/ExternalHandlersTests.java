package dev.petiole.discovery.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import dev.petiole.discovery.DiscoveryApplication;
import dev.petiole.discovery.testing.ScriptedHandler;
import dev.petiole.discovery.testing.ScriptedRegistry;
import dev.petiole.proto.akri.Device;
import dev.petiole.proto.akri.RegisterDiscoveryHandlerRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service, external handlers that speak Akri's protocol over real sockets, and a registry that is
/// told.
class ExternalHandlersTests {

    private static final ConfigurationKey CAMERAS = ConfigurationKey.of("shop", "cameras");
    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");

    // Short: sockets' paths are limited.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private final ScriptedHandler builtIn = new ScriptedHandler();
    private final List<AutoCloseable> handlers = new ArrayList<>();
    private Path sockets;
    private @Nullable ConfigurableApplicationContext service;

    @BeforeEach
    void setUp() throws IOException {
        sockets = Files.createDirectories(directory.resolve("h"));
        startService();
    }

    @AfterEach
    void tearDown() throws Exception {
        stopService();
        for (AutoCloseable handler : handlers) {
            handler.close();
        }
        registry.close();
    }

    @Test
    void aConfigurationThatWaitsIsServedAsSoonAsItsHandlerRegisters() {
        configure(CAMERAS, "rtsp", "where: here");
        soon(() -> assertThat(last(CAMERAS).reason()).isEqualTo("HandlerNotFound"));

        long begin = System.nanoTime();
        handler("rtsp", "a.sock").list("cam-1", "cam-2").register();

        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam-1", "cam-2"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(last(CAMERAS).state()).isEqualTo(DiscoveryState.RUNNING);
        assertThat(last(CAMERAS).shared()).isTrue();
    }

    @Test
    void itIsToldTheDetailsAsTheyAreAndTheProperties() {
        configure(
                CAMERAS,
                new DiscoveryHandlerSpec(
                        "rtsp",
                        "anything: [goes",
                        List.of(new DiscoveryHandlerSpec.Property("password", "hunter2", null))));
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();

        soon(() -> assertThat(handler.asked()).hasSize(1));
        assertThat(handler.asked().getFirst().getDiscoveryDetails()).isEqualTo("anything: [goes");
        assertThat(handler.asked().getFirst().getDiscoveryPropertiesMap())
                .hasEntrySatisfying(
                        "password",
                        value -> assertThat(value.getVec().toStringUtf8()).isEqualTo("hunter2"));
    }

    @Test
    void itsListIsFollowedToTheEmptyOne() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));

        handler.list();

        soon(() -> assertThat(identities(CAMERAS)).isEmpty());
        assertThat(last(CAMERAS).partial()).isNull();
    }

    /// Akri's weakness: there, a handler that restarts takes all Instances and brokers along.
    @Test
    void aHandlerThatGoesTakesNothingOfflineAndIsHeardAgainWhenItReturns() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));

        handler.die();
        soon(() -> assertThat(last(CAMERAS).reason()).isEqualTo("HandlerUnreachable"));
        assertThat(last(CAMERAS).message()).contains("rtsp").contains("a.sock").contains("devices stay");
        soon(() -> assertThat(reported("rtsp").state()).isEqualTo(HandlerState.UNAVAILABLE));

        handler.list("cam", "cam-2").serve().register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam", "cam-2"));
        soon(() -> assertThat(reported("rtsp").state()).isEqualTo(HandlerState.READY));
        assertThat(registry.observations())
                .filteredOn(observation -> observation.devices() != null)
                .allSatisfy(observation -> assertThat(observation.devices()).isNotEmpty());
    }

    @Test
    void severalEndpointsOfANameAreOneHandler() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler a =
                handler("rtsp", "a.sock").list("cam-a", "both").register();
        ScriptedExternalHandler b =
                handler("rtsp", "b.sock").list("cam-b", "both").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactlyInAnyOrder("cam-a", "cam-b", "both"));

        b.die();
        a.list("both");

        soon(() -> assertThat(identities(CAMERAS)).containsExactlyInAnyOrder("cam-b", "both"));
        soon(() -> assertThat(last(CAMERAS).state()).isEqualTo(DiscoveryState.DEGRADED));
        assertThat(last(CAMERAS).message()).contains("b.sock");
        assertThat(reported("rtsp").endpoints()).hasSize(2);
    }

    /// Akri's handlers register once, and again only when they notice that the agent went away.
    @Test
    void registrationsOutliveARestartOfTheService() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler a = handler("rtsp", "a.sock").list("cam-a").register();
        ScriptedExternalHandler b = handler("rtsp", "b.sock").list("cam-b").register();
        soon(() -> assertThat(identities(CAMERAS)).hasSize(2));

        stopService();
        b.die();
        int before = registry.observations().size();
        startService();

        soon(() -> assertThat(registry.observations().stream().skip(before)).anySatisfy(observation -> {
            assertThat(observation.devices())
                    .extracting(ObservedDevice::identity)
                    .containsExactly("cam-a");
            assertThat(observation.partial())
                    .as("what the other one would say is not known yet")
                    .isTrue();
        }));
        assertThat(registry.observations().stream().skip(before))
                .filteredOn(observation -> observation.devices() != null)
                .allSatisfy(observation -> assertThat(observation.partial()).isTrue());
        b.serve();
        soon(() -> assertThat(identities(CAMERAS)).containsExactlyInAnyOrder("cam-a", "cam-b"));
        assertThat(a.asked()).hasSize(2);
    }

    @Test
    void detailsThatAHandlerCantDoAreAFailureOfTheConfiguration() {
        ScriptedExternalHandler handler = handler("rtsp", "a.sock");
        handler.refuse(Status.INVALID_ARGUMENT.withDescription("discoveryDetails.where: missing"));
        handler.register();
        configure(CAMERAS, "rtsp", "");

        soon(() -> {
            assertThat(last(CAMERAS).state()).isEqualTo(DiscoveryState.FAILED);
            assertThat(last(CAMERAS).reason()).isEqualTo("InvalidDetails");
            assertThat(last(CAMERAS).message()).contains("discoveryDetails.where: missing");
        });
        assertThat(reported("rtsp").state()).as("it is not the handler's fault").isEqualTo(HandlerState.READY);
    }

    @Test
    void aHandlerThatFloodsHarmsItsOwnConfigurationAlone() {
        configure(CAMERAS, "rtsp", "");
        configure(SCALES, "scripted", "go");
        builtIn.see("scale");
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));

        IntStream.range(0, 300).forEach(i -> handler.list("cam", "cam-" + i));

        soon(() -> assertThat(observations(CAMERAS))
                .anySatisfy(observation -> assertThat(observation.reason()).isEqualTo("HandlerMisbehaves")));
        builtIn.see("scale", "scale-2");
        soon(() -> assertThat(identities(SCALES)).containsExactly("scale", "scale-2"));
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam", "cam-299"));
    }

    @Test
    void aHandlerThatSaysTooMuchIsNotBelieved() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));

        handler.list(IntStream.range(0, 2_001).mapToObj(i -> "cam-" + i).toArray(String[]::new));
        soon(() -> assertMisbehaves("2001 devices (expected: at most 2000)"));
        handler.list(List.of(Device.newBuilder().setId("x".repeat(5_000_000)).build()));
        soon(() -> assertMisbehaves("says too much at once"));

        assertThat(observations(CAMERAS))
                .filteredOn(observation -> observation.devices() != null)
                .allSatisfy(observation -> assertThat(observation.devices()).hasSize(1));
        handler.list("cam", "cam-2");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(identities(CAMERAS)).containsExactly("cam", "cam-2"));
    }

    @Test
    void aListThatMakesNoSenseIsRefusedAsAWhole() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler handler = handler("rtsp", "a.sock").list("cam").register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));

        Device good = Device.newBuilder().setId("cam").build();
        handler.list(List.of(
                good,
                Device.newBuilder().setId("cam-2").putProperties("A=B", "c").build()));

        soon(() -> assertMisbehaves("devices[1].properties"));
        assertThat(last(CAMERAS).message()).contains("its devices stay as they are");
    }

    @Test
    void aHandlerThatNeverAnswersIsTold() {
        configure(CAMERAS, "rtsp", "");
        handler("rtsp", "a.sock").register();

        soon(() -> {
            assertThat(last(CAMERAS).state()).isEqualTo(DiscoveryState.WAITING);
            assertThat(last(CAMERAS).reason()).isEqualTo("HandlerSilent");
            assertThat(last(CAMERAS).devices()).isNull();
        });
    }

    @Test
    void aHandlerInTheNetworkMustBeAllowed() {
        ScriptedExternalHandler handler = track(ScriptedExternalHandler.inNetwork(sockets, "rtsp"));

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() ->
                        handler.register(ScriptedExternalHandler.request("rtsp", "http://192.0.2.1:10000", true, true)))
                .withMessageContaining("PERMISSION_DENIED")
                .withMessageContaining("allowedNetworks");
        handler.list("cam").register();
        configure(CAMERAS, "rtsp", "");

        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));
        assertThat(reported("rtsp").endpoints().getFirst().address()).isEqualTo(handler.url());
    }

    /// A Pod that is replaced has another address.
    @Test
    void aHandlerInTheNetworkIsSucceededByOneThatRegistersAfterItWasLost() {
        configure(CAMERAS, "rtsp", "");
        ScriptedExternalHandler old = track(ScriptedExternalHandler.inNetwork(sockets, "rtsp"))
                .list("cam", "gone")
                .register();
        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam", "gone"));
        old.die();
        soon(() -> assertThat(reported("rtsp").state()).isEqualTo(HandlerState.UNAVAILABLE));

        ScriptedExternalHandler successor = track(ScriptedExternalHandler.inNetwork(sockets, "rtsp"));
        successor.list("cam").register();

        soon(() -> assertThat(identities(CAMERAS)).containsExactly("cam"));
        soon(() -> assertThat(reported("rtsp").endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.address()).isEqualTo(successor.url())));
        assertThat(last(CAMERAS).state()).isEqualTo(DiscoveryState.RUNNING);
    }

    @Test
    void endpointsOfANameMustAgreeWhetherTheirDevicesAreShared() {
        handler("rtsp", "a.sock").register();
        soon(() -> assertThat(reported("rtsp").state()).isEqualTo(HandlerState.READY));
        ScriptedExternalHandler other = track(ScriptedExternalHandler.onSocket(sockets, "rtsp", "b.sock", false));

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(other::register)
                .withMessageContaining("FAILED_PRECONDITION")
                .withMessageContaining("shared: false");
    }

    @Test
    void aRegistrationThatMakesNoSenseIsRefusedWithWhatIsExpected() {
        ScriptedExternalHandler handler = handler("rtsp", "a.sock");

        assertRefused(handler, ScriptedExternalHandler.request("", "a.sock", false, true), "name: ''");
        assertRefused(handler, ScriptedExternalHandler.request("a b", "a.sock", false, true), "name: 'a b'");
        assertRefused(handler, ScriptedExternalHandler.request("rtsp", "", false, true), "endpoint: 0 characters");
        assertRefused(handler, ScriptedExternalHandler.request("rtsp", "ftp://a:1", true, true), "endpoint: 'ftp");
        assertRefused(
                handler,
                ScriptedExternalHandler.request("rtsp", "/x/agent-registration.sock", false, true),
                "a socket in");
    }

    @Test
    void onlyTheOwnerMayRegister() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(sockets.resolve("agent-registration.sock"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(sockets)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void theRegistrationSocketComesBackWhenSomebodyDeletesIt() throws IOException {
        Files.delete(sockets.resolve("agent-registration.sock"));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(sockets.resolve("agent-registration.sock")).exists());
        handler("rtsp", "a.sock").register();
    }

    @Test
    void aBuiltInHandlerGoesBeforeAnExternalOneOfItsName() {
        ScriptedExternalHandler impostor =
                handler("scripted", "a.sock").list("external").register();
        configure(SCALES, "scripted", "go");
        builtIn.see("scale");

        soon(() -> assertThat(identities(SCALES)).containsExactly("scale"));
        assertThat(impostor.asked()).isEmpty();
        assertThat(reported("scripted").kind()).isEqualTo(HandlerKind.BUILT_IN);
    }

    @Test
    void itsSchemaIsPublished() {
        ScriptedExternalHandler handler = handler("rtsp", "a.sock");
        handler.register(ScriptedExternalHandler.request("rtsp", "a.sock", false, true).toBuilder()
                .setDetailsSchema("{\"type\": \"object\"}")
                .build());

        soon(() -> assertThat(reported("rtsp").detailsSchema()).isEqualTo(Map.of("type", "object")));
        assertThat(reported("rtsp").kind()).isEqualTo(HandlerKind.EXTERNAL);
    }

    private static void assertRefused(
            ScriptedExternalHandler handler, RegisterDiscoveryHandlerRequest request, String message) {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> handler.register(request))
                .withMessageContaining("INVALID_ARGUMENT")
                .withMessageContaining(message);
    }

    private void assertMisbehaves(String message) {
        assertThat(observations(CAMERAS)).anySatisfy(observation -> {
            assertThat(observation.reason()).isEqualTo("HandlerMisbehaves");
            assertThat(observation.message()).contains(message);
        });
    }

    private ScriptedExternalHandler handler(String name, String socket) {
        return track(ScriptedExternalHandler.onSocket(sockets, name, socket, true));
    }

    private ScriptedExternalHandler track(ScriptedExternalHandler handler) {
        handlers.add(handler);
        return handler;
    }

    private void configure(ConfigurationKey key, String handler, String details) {
        configure(key, new DiscoveryHandlerSpec(handler, details, null));
    }

    private void configure(ConfigurationKey key, DiscoveryHandlerSpec spec) {
        registry.putConfiguration(key, "uid-" + key.name(), 1, ConfigurationSpec.of(spec, 1));
    }

    private List<Observation> observations(ConfigurationKey key) {
        return registry.observations().stream()
                .filter(observation -> observation.configuration().equals(key))
                .toList();
    }

    private Observation last(ConfigurationKey key) {
        assertThat(observations(key)).isNotEmpty();
        return observations(key).getLast();
    }

    /// In the latest list.
    private List<String> identities(ConfigurationKey key) {
        List<Observation> lists = observations(key).stream()
                .filter(observation -> observation.devices() != null)
                .toList();
        assertThat(lists).isNotEmpty();
        return lists.getLast().devices().stream().map(ObservedDevice::identity).toList();
    }

    private ReportedHandler reported(String name) {
        assertThat(registry.handlerReports()).isNotEmpty();
        List<ReportedHandler> named = registry.handlerReports().getLast().handlers().stream()
                .filter(handler -> handler.name().equals(name))
                .toList();
        assertThat(named).hasSize(1);
        return named.getFirst();
    }

    private void startService() {
        service = new SpringApplicationBuilder(DiscoveryApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("scripted", builtIn))
                .run(
                        "--petiole.management.port=0",
                        "--petiole.node-name=node1",
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.data-dir=" + directory.resolve("data"),
                        "--petiole.kubelet.device-plugins=" + directory.resolve("none"),
                        "--petiole.kubelet.pod-resources=" + directory.resolve("none"),
                        "--petiole.external-handlers.directory=" + sockets,
                        "--petiole.external-handlers.patience=500ms",
                        "--petiole.external-handlers.allowed-networks=127.0.0.0/8");
        await().untilAsserted(() ->
                assertThat(sockets.resolve("agent-registration.sock")).exists());
    }

    private void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(assertion);
    }
}
