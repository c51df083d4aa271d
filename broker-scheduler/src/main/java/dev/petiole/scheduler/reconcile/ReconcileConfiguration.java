package dev.petiole.scheduler.reconcile;

import dev.petiole.registry.client.RegistryClient;
import dev.petiole.scheduler.configuration.ConfigurationImport;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.instance.AbsenceCheck;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.node.ClusterFactsPublisher;
import dev.petiole.scheduler.node.NodeStates;
import dev.petiole.scheduler.registry.RegistryView;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ReconcileConfiguration {

    @Bean
    Reconciler.Sources sources(Dialect dialect, ClusterCache cache, RegistryView registry) {
        return new Reconciler.Sources(dialect, cache, registry, new NodeStates());
    }

    @Bean
    Applier applier(ApiServer apiServer, ClusterCache cache, Leadership leadership, Clock clock) {
        return new Applier(apiServer, cache, leadership, clock);
    }

    @Bean
    EventRecorder eventRecorder(ApiServer apiServer, Clock clock, RandomGenerator random) {
        return new EventRecorder(apiServer, clock, random, "petiole-broker-scheduler");
    }

    @Bean
    ReconcileLoop.Companions companions(
            ClusterCache cache,
            ApiServer apiServer,
            RegistryClient registry,
            Leadership leadership,
            EventRecorder events,
            RandomGenerator random) {
        var facts = new ClusterFactsPublisher(cache, apiServer, registry.nodes(), leadership, random);
        return new ReconcileLoop.Companions(leadership, facts, events);
    }

    @Bean
    Reconciler reconciler(
            Reconciler.Sources sources,
            RegistryClient registry,
            JsonMapper json,
            Applier applier,
            EventRecorder events,
            Clock clock) {
        var calls = new Reconciler.RegistryCalls(
                new ConfigurationImport(registry.configurations(), json, clock),
                new AbsenceCheck(registry.configurations(), registry.devices()));
        return new Reconciler(sources, calls, applier, events, clock);
    }

    @Bean
    ReconcileLoop reconcileLoop(
            Reconciler.Sources sources,
            ReconcileLoop.Companions companions,
            Reconciler reconciler,
            Applier applier,
            MeterRegistry metrics,
            RandomGenerator random) {
        return new ReconcileLoop(sources, companions, reconciler, applier, metrics, random);
    }

    @Bean
    InformedHealth informedHealthIndicator(ReconcileLoop loop) {
        return new InformedHealth(loop);
    }
}
