package dev.petiole.discovery.registry;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.device.Device;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.Trust;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The connection to the registry.
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

    @Bean
    RegistryClient registryClient(RegistryProperties properties) {
        Credentials credentials =
                properties.tokenFile() == null ? Credentials.NONE : Credentials.file(properties.tokenFile());
        Trust trust = properties.caFile() == null ? Trust.PLATFORM : Trust.file(properties.caFile());
        return new RegistryClient(properties.url(), credentials, trust);
    }

    @Bean
    AgentsApi agentsApi(RegistryClient registry) {
        return registry.agents();
    }

    /// The Configurations whose node selector matches this node.
    @Bean
    WatchedList<dev.petiole.api.configuration.Configuration> configurations(
            RegistryClient registry, NodeProperties node, RandomGenerator random) {
        return new RegistryWatch<>(
                "configurations",
                registry.watchConfigurations(Map.of("node", node.nodeName()), random),
                new RememberedList<>(
                        node.dataDir().resolve("configurations.json"),
                        dev.petiole.api.configuration.Configuration.class),
                random);
    }

    /// The devices that this node has reported.
    @Bean
    WatchedList<Device> devices(RegistryClient registry, NodeProperties node, RandomGenerator random) {
        return new RegistryWatch<>(
                "devices",
                registry.watchDevices(Map.of("node", node.nodeName()), random),
                new RememberedList<>(node.dataDir().resolve("devices.json"), Device.class),
                random);
    }
}
