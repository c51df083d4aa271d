package dev.petiole.scheduler;

import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.KubernetesProperties;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.uninstall.Sweep;
import dev.petiole.scheduler.uninstall.UninstallProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/// What runs instead of the scheduler when it is told to `uninstall`. Not found by scanning: it is one or the other.
@EnableConfigurationProperties({KubernetesProperties.class, UninstallProperties.class})
class UninstallConfiguration {

    @Bean
    CommandLineRunner sweep(KubernetesProperties kubernetes, UninstallProperties properties) throws IOException {
        // Never started: nothing is watched.
        ClusterCache cache = SchedulerConfiguration.cache(
                kubernetes, Dialect.PETIOLE, List.of(Resource.NODE, Resource.LEASE), Set.of());
        var apiServer = new ApiServer(
                SchedulerConfiguration.client(kubernetes, SchedulerConfiguration.READ_TIMEOUT),
                cache,
                new SimpleMeterRegistry());
        return _ -> new Sweep(apiServer, properties).run();
    }
}
