package dev.petiole.scheduler;

import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.Trust;
import dev.petiole.scheduler.consumer.ConsumerProperties;
import dev.petiole.scheduler.consumer.ConsumerPublisher;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.BrokerProperties;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.KubernetesProperties;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.LeaderElectionProperties;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.leader.LeaseElection;
import dev.petiole.scheduler.reconcile.Group;
import dev.petiole.scheduler.registry.RegistryProperties;
import dev.petiole.scheduler.registry.RegistryView;
import dev.petiole.scheduler.takeover.Handover;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {

    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEASE_TIMEOUT = Duration.ofSeconds(5);
    // A connection over which nothing comes is found dead within two of these.
    private static final Duration PING_INTERVAL = Duration.ofSeconds(15);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RandomGenerator randomGenerator() {
        return RandomGenerator.getDefault();
    }

    @Bean
    Dialect dialect() {
        return Dialect.PETIOLE;
    }

    @Bean
    RegistryClient registryClient(RegistryProperties properties) {
        Path tokenFile = properties.tokenFile();
        Path caFile = properties.caFile();
        return new RegistryClient(
                properties.url(),
                tokenFile == null ? Credentials.NONE : Credentials.file(tokenFile),
                caFile == null ? Trust.PLATFORM : Trust.file(caFile));
    }

    @Bean(destroyMethod = "")
    RegistryView registryView(RegistryClient client, Dialect dialect, RandomGenerator random) {
        return new RegistryView(client, dialect.group(), random);
    }

    @Bean(destroyMethod = "")
    ClusterCache clusterCache(
            KubernetesProperties properties, BrokerProperties brokers, ConsumerProperties consumers, Dialect dialect)
            throws IOException {
        List<Resource> others = new ArrayList<>(List.of(Resource.NODE, Resource.NAMESPACE));
        if (consumers.name() != null) {
            others.add(Resource.DEVICE_CONSUMERS);
        }
        return cache(properties, dialect, others, brokers.resources());
    }

    @Bean
    ApiServer apiServer(KubernetesProperties properties, ClusterCache cache, MeterRegistry metrics) throws IOException {
        return new ApiServer(client(properties, READ_TIMEOUT), cache, metrics);
    }

    @Bean
    @Order(1)
    Group petioleGroup(Dialect dialect, ClusterCache cache, ApiServer apiServer, RegistryView registry) {
        return new Group(dialect, cache, apiServer, registry);
    }

    @Bean
    @Order(2)
    @ConditionalOnBooleanProperty("petiole.akri.enabled")
    Group akriGroup(
            KubernetesProperties properties, RegistryClient registry, MeterRegistry metrics, RandomGenerator random)
            throws IOException {
        ClusterCache cache = cache(properties, Dialect.AKRI, List.of(), Set.of());
        return new Group(
                Dialect.AKRI,
                cache,
                new ApiServer(client(properties, READ_TIMEOUT), cache, metrics),
                new RegistryView(registry, Dialect.AKRI.group(), random));
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "petiole.akri.enabled", havingValue = false, matchIfMissing = true)
    Handover akriHandover(
            ApiServer apiServer, RegistryClient registry, Leadership leadership, Clock clock, RandomGenerator random) {
        return new Handover(Dialect.AKRI, apiServer, registry.configurations(), leadership, clock, random);
    }

    @Bean
    Leadership leadership(
            KubernetesProperties kubernetes, LeaderElectionProperties properties, Clock clock, RandomGenerator random)
            throws IOException {
        if (!properties.enabled()) {
            return Leadership.ALWAYS;
        }
        String identity = properties.identity();
        return new LeaseElection(
                client(kubernetes, LEASE_TIMEOUT), properties, identity == null ? hostName() : identity, clock, random);
    }

    @Bean
    @ConditionalOnProperty("petiole.consumers.name")
    ConsumerPublisher consumerPublisher(
            ClusterCache cache,
            ApiServer apiServer,
            Leadership leadership,
            ConsumerProperties properties,
            RandomGenerator random) {
        String name = Objects.requireNonNull(properties.name());
        var key = new ObjectKey(Resource.DEVICE_CONSUMERS, properties.namespace(), name);
        return new ConsumerPublisher(cache, apiServer, leadership, key, random);
    }

    /// @param others what is watched beside the group's own objects
    /// @param extras what brokers may be that a cluster need not have
    static ClusterCache cache(
            KubernetesProperties properties, Dialect dialect, List<Resource> others, Set<Resource> extras)
            throws IOException {
        List<Resource> roots = new ArrayList<>(others);
        roots.add(dialect.configurations());
        roots.add(dialect.instances());
        var selection = new ClusterCache.Selection(roots, dialect.childSelector(), dialect::configurationOf, extras);
        // Watches may be silent for long.
        return new ClusterCache(client(properties, Duration.ZERO), selection);
    }

    static ApiClient client(KubernetesProperties properties, Duration readTimeout) throws IOException {
        Path kubeconfig = properties.kubeconfig();
        ClientBuilder builder =
                kubeconfig == null ? ClientBuilder.standard() : ClientBuilder.kubeconfig(read(kubeconfig));
        return builder.setReadTimeout(readTimeout)
                .setPingInterval(PING_INTERVAL)
                .build();
    }

    private static KubeConfig read(Path kubeconfig) throws IOException {
        try (var reader = Files.newBufferedReader(kubeconfig, StandardCharsets.UTF_8)) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(kubeconfig.toFile());
            return config;
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "petiole.leader-election.identity must be given: this host does not know its name", e);
        }
    }
}
