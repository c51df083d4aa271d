package dev.petiole.discovery.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.KeyRef;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.Property;
import dev.petiole.api.configuration.DiscoveryHandlerSpec.ValueFrom;
import dev.petiole.discovery.DiscoveryApplication;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.testing.ScriptedRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/// Discovery properties from Secrets and ConfigMaps: the whole service, between a registry and a Kubernetes
/// API.
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

    private static final ConfigurationKey CAMERAS = ConfigurationKey.of("shop", "cameras");
    private static final String SECRET = "shop/secrets/camera-user";
    private static final String PASSWORD = "correct-horse-battery";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private final ScriptedKubernetes kubernetes = new ScriptedKubernetes();
    private final Asking handler = new Asking();
    private @Nullable ConfigurableApplicationContext service;
    private long generation;

    @BeforeEach
    void setUp() {
        service = start();
    }

    private ConfigurableApplicationContext start(String... others) {
        List<String> arguments = new ArrayList<>(List.of(
                "--petiole.management.port=0",
                "--petiole.node-name=node1",
                "--petiole.registry.url=" + registry.uri(),
                "--petiole.data-dir=" + directory.resolve("data"),
                "--petiole.kubelet.device-plugins=" + directory.resolve("none"),
                "--petiole.kubelet.pod-resources=" + directory.resolve("none"),
                "--petiole.kubernetes.url=" + kubernetes.uri(),
                "--petiole.secrets.service-account=petiole-system/agent",
                "--petiole.secrets.look-again=1s",
                "--petiole.secrets.allowed-namespaces=vault"));
        arguments.addAll(List.of(others));
        return new SpringApplicationBuilder(DiscoveryApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("asking", handler))
                .properties("petiole.secrets.enabled=true")
                .run(arguments.toArray(String[]::new));
    }

    @AfterEach
    void tearDown() {
        if (service != null) {
            service.close();
        }
        kubernetes.close();
        registry.close();
    }

    @Test
    void aSecretThatIsNotGrantedIsAConditionThatSaysHowToGrantIt() {
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        configure(secret("camera-user", "password", null, false));

        soon(() -> {
            assertThat(last().state()).isEqualTo(DiscoveryState.WAITING);
            assertThat(last().reason()).isEqualTo("SecretNotReadable");
            assertThat(last().message())
                    .contains("discoveryProperties.password.valueFrom")
                    .contains("Secret shop/camera-user")
                    .contains("--resource-name=camera-user")
                    .contains("--serviceaccount=petiole-system:agent");
            assertThat(last().devices()).isNull();
        });
        assertThat(handler.runs()).isEmpty();

        kubernetes.grant(SECRET, "get");

        soon(() -> assertThat(handler.runs()).containsExactly(Map.of("password", PASSWORD)));
        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));
    }

    @Test
    void whereNoSecretsAreReadTheConditionSaysWhatHasThemRead() {
        service.close();
        service = start("--petiole.secrets.enabled=false");
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));

        soon(() -> {
            assertThat(last().state()).isEqualTo(DiscoveryState.WAITING);
            assertThat(last().message()).contains("Secret shop/camera-user", "discovery.secrets.enabled");
        });
        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void aChangedSecretIsAppliedWithoutARestart() {
        kubernetes.put(SECRET, Map.of("password", "old"));
        kubernetes.grant(SECRET, "get,watch");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(handler.runs()).hasSize(1));
        soon(() -> assertThat(kubernetes.requests()).contains("watch " + SECRET));

        kubernetes.put(SECRET, Map.of("password", PASSWORD));

        soon(() -> assertThat(handler.runs()).containsExactly(Map.of("password", "old"), Map.of("password", PASSWORD)));
    }

    /// Whoever grants `get` alone has its changes looked for, and only its metadata are looked at.
    @Test
    void aSecretWhoseChangesMayNotBeWatchedIsLookedAtNowAndThen() {
        kubernetes.put(SECRET, Map.of("password", "old"));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(kubernetes.requests().stream().filter(each -> each.startsWith("metadata")))
                .hasSizeGreaterThan(2));
        assertThat(kubernetes.requests().stream().filter(each -> each.startsWith("get")))
                .hasSize(1);

        kubernetes.put(SECRET, Map.of("password", PASSWORD));

        soon(() -> assertThat(handler.runs()).hasSize(2));
        assertThat(handler.runs().getLast()).isEqualTo(Map.of("password", PASSWORD));
        assertThat(kubernetes.requests().stream().filter(each -> each.startsWith("watch")))
                .as("what was denied once")
                .hasSize(1);
    }

    @Test
    void aWatchThatWasDeniedIsAskedForAgain() {
        service.close();
        service = start("--petiole.secrets.watch-again=2s");
        kubernetes.put(SECRET, Map.of("password", "old"));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(kubernetes.requests()).contains("watch " + SECRET));

        kubernetes.grant(SECRET, "get,watch");

        soon(() -> assertThat(kubernetes.isWatched()).isTrue());
    }

    /// External handlers get values byte for byte, as Akri hands them over.
    @Test
    void aValueNeedNotBeText() {
        byte[] key = {(byte) 0xff, 0, (byte) 0xe4, 'x'};
        kubernetes.putBytes(SECRET, Map.of("key", key, "text", "grün".getBytes(StandardCharsets.UTF_8)));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "key", null, false));
        soon(() -> assertThat(handler.inputs()).singleElement().satisfies(input -> {
            assertThat(input.binary()).containsExactly("password");
            assertThat(input.bytes("password")).isEqualTo(key);
        }));

        configure(secret("camera-user", "text", null, false));
        soon(() -> assertThat(handler.inputs()).hasSize(2).last().satisfies(input -> {
            assertThat(input.binary()).isEmpty();
            assertThat(input.properties()).containsEntry("password", "grün");
            assertThat(input.bytes("password")).isEqualTo("grün".getBytes(StandardCharsets.UTF_8));
        }));
    }

    @Test
    void aSecretThatGoesEndsTheDiscoveryAndTakesNoDeviceAway() {
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));

        kubernetes.delete(SECRET);

        soon(() -> assertThat(last().reason()).isEqualTo("SecretNotFound"));
        assertThat(last().devices()).isNull();
        assertThat(handler.isRunning()).isFalse();
        kubernetes.put(SECRET, Map.of("other", "x"));
        soon(() -> assertThat(last().message()).contains("has no key 'password'"));
        kubernetes.put(SECRET, Map.of("password", "new"));
        soon(() -> assertThat(handler.runs()).hasSize(2));
    }

    @Test
    void aGrantThatIsTakenBackEndsTheUseOfTheSecret() {
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));

        kubernetes.revoke(SECRET);

        soon(() -> assertThat(last().reason()).isEqualTo("SecretNotReadable"));
        assertThat(handler.isRunning()).isFalse();
    }

    @Test
    void aKubernetesApiThatIsAwayTakesNothingBack() {
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));

        kubernetes.away(true);
        int before = kubernetes.requests().size();
        soon(() -> assertThat(kubernetes.requests()).hasSizeGreaterThan(before + 2));

        assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING);
        assertThat(handler.runs()).hasSize(1);
    }

    @Test
    void anOptionalOneThatIsNotThereIsLeftOut() {
        kubernetes.grant(SECRET, "get");
        kubernetes.grant("shop/configmaps/names", "get");
        kubernetes.put("shop/configmaps/names", Map.of("user", "admin"));
        configure(
                secret("camera-user", "password", null, true),
                new Property("user", null, new ValueFrom(null, new KeyRef("names", "user", null, null))),
                new Property("realm", null, new ValueFrom(null, new KeyRef("names", "realm", null, true))),
                new Property("plain", "value", null));

        soon(() -> assertThat(handler.runs()).containsExactly(Map.of("user", "admin", "plain", "value")));
    }

    /// Who can create a Configuration could read every Secret that was granted to anybody.
    @Test
    void anotherNamespaceIsLookedIntoOnlyIfTheChartAllowsIt() {
        kubernetes.grant("other/secrets/camera-user", "get");
        kubernetes.put("other/secrets/camera-user", Map.of("password", PASSWORD));
        configure(secret("camera-user", "password", "other", false));
        soon(() -> assertThat(last().reason()).isEqualTo("SecretNotReadable"));
        assertThat(last().message()).contains("another namespace").contains("allowedNamespaces");
        assertThat(kubernetes.requests()).isEmpty();

        kubernetes.grant("vault/secrets/camera-user", "get");
        kubernetes.put("vault/secrets/camera-user", Map.of("password", PASSWORD));
        configure(secret("camera-user", "password", "vault", false));
        soon(() -> assertThat(handler.runs()).containsExactly(Map.of("password", PASSWORD)));
    }

    @Test
    void aCredentialThatADeviceDoesNotAcceptIsToldWithTheSecretAndHealsWithIt() {
        kubernetes.put(SECRET, Map.of("password", "wrong"));
        kubernetes.grant(SECRET, "get,watch");
        configure(secret("camera-user", "password", null, false));

        soon(() -> {
            assertThat(last().state()).isEqualTo(DiscoveryState.DEGRADED);
            assertThat(last().reason()).isEqualTo("CredentialsRejected");
            assertThat(last().message()).contains("cam-1").contains("Secret shop/camera-user");
            assertThat(last().devices()).hasSize(1);
        });
        kubernetes.put(SECRET, Map.of("password", PASSWORD));

        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));
    }

    /// Neither the log, nor what is told to the registry, nor what is stored on the node has it.
    @Test
    void itsValueIsSeenNowhere(CapturedOutput output) throws IOException {
        kubernetes.put(SECRET, Map.of("password", PASSWORD));
        kubernetes.grant(SECRET, "get");
        configure(secret("camera-user", "password", null, false));
        soon(() -> assertThat(handler.runs()).hasSize(1));
        soon(() -> assertThat(last().state()).isEqualTo(DiscoveryState.RUNNING));
        kubernetes.delete(SECRET);
        soon(() -> assertThat(last().reason()).isEqualTo("SecretNotFound"));

        assertThat(output.toString()).contains("SecretNotFound").doesNotContain(PASSWORD);
        assertThat(registry.observations().toString()).doesNotContain(PASSWORD);
        assertThat(registry.handlerReports().toString()).doesNotContain(PASSWORD);
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(PASSWORD);
            }
        }
    }

    private static Property secret(String name, String key, @Nullable String namespace, boolean isOptional) {
        return new Property("password", null, new ValueFrom(new KeyRef(name, key, namespace, isOptional), null));
    }

    private void configure(Property... properties) {
        registry.putConfiguration(
                CAMERAS,
                "uid",
                ++generation,
                ConfigurationSpec.of(new DiscoveryHandlerSpec("asking", "", List.of(properties)), 1));
    }

    private Observation last() {
        assertThat(registry.observations()).isNotEmpty();
        return registry.observations().getLast();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }

    /// A handler whose device lets in only those who know the password.
    private static final class Asking implements DiscoveryHandler {

        private final List<HandlerInput> runs = new CopyOnWriteArrayList<>();
        private volatile boolean isRunning;

        List<Map<String, String>> runs() {
            return runs.stream().map(HandlerInput::properties).toList();
        }

        List<HandlerInput> inputs() {
            return List.copyOf(runs);
        }

        boolean isRunning() {
            return isRunning;
        }

        @Override
        public String name() {
            return "asking";
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public Discovery prepare(HandlerInput input) {
            return sink -> {
                runs.add(input);
                isRunning = true;
                boolean isRight = !"wrong".equals(input.properties().get("password"));
                sink.report(new Sighting(
                        List.of(DiscoveredDevice.of("cam-1", Map.of())),
                        isRight ? List.of() : List.of(new Warning("CredentialsRejected", "cam-1 lets nobody in."))));
                try {
                    new CountDownLatch(1).await();
                } finally {
                    isRunning = false;
                }
            };
        }
    }
}
