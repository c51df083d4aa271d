package dev.petiole.scheduler.reconcile;

import dev.petiole.registry.client.RegistryClient;
import dev.petiole.scheduler.configuration.ConfigurationImport;
import dev.petiole.scheduler.configuration.Mirrors;
import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.exposure.DynamicResources;
import dev.petiole.scheduler.instance.AbsenceCheck;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.node.ClusterFactsPublisher;
import dev.petiole.scheduler.node.LostNodes;
import dev.petiole.scheduler.node.NodeNoticeProperties;
import dev.petiole.scheduler.node.NodeStates;
import dev.petiole.scheduler.node.WithdrawnResources;
import dev.petiole.scheduler.takeover.Takeover;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ReconcileConfiguration {

    @Bean
    NodeStates nodeStates() {
        return new NodeStates();
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
            List<Group> groups,
            NodeNoticeProperties notices,
            Clock clock,
            RandomGenerator random) {
        var facts = new ClusterFactsPublisher(cache, apiServer, registry.nodes(), leadership, random);
        var withdrawn = new WithdrawnResources(
                cache,
                apiServer,
                leadership,
                clock,
                resource -> groups.stream().anyMatch(group -> isOffered(group, resource)),
                random);
        var lost = new LostNodes(
                cache,
                events,
                leadership,
                clock,
                notices.noticeAfter(),
                node -> groups.stream()
                        .mapToLong(group -> heldSlots(group, node))
                        .sum(),
                random);
        return new ReconcileLoop.Companions(leadership, facts, events, withdrawn, lost);
    }

    private static long heldSlots(Group group, String node) {
        return group.registry().keys().stream()
                .flatMap(key -> group.registry().get(key).devices().stream())
                .flatMap(device -> device.slots().stream())
                .filter(slot -> slot.node().equals(node))
                .count();
    }

    private static boolean isOffered(Group group, String resource) {
        return group.registry().keys().stream()
                .anyMatch(key -> group.registry().get(key).devices().stream()
                        .anyMatch(device -> resource.equals(group.dialect().resource(key.namespace(), device.name()))
                                || resource.equals(group.dialect().resource(key.namespace(), key.name()))));
    }

    @Bean
    GroupLoops groupLoops(
            ReconcileLoop.Companions companions,
            RegistryClient registry,
            JsonMapper json,
            List<Group> groups,
            NodeStates nodes,
            MeterRegistry metrics,
            Clock clock,
            RandomGenerator random) {
        return group -> {
            var sources = new Reconciler.Sources(group.dialect(), group.cache(), group.registry(), nodes);
            var calls = new Reconciler.RegistryCalls(
                    new ConfigurationImport(registry.configurations(), json, clock),
                    new AbsenceCheck(registry.configurations(), registry.devices()),
                    new Mirrors(group.dialect(), registry.configurations(), registry.mirrors(), json),
                    new Takeover(group.dialect(), group.apiServer(), registry.holders(), clock),
                    registry.inbox());
            List<ClusterCache> neighbours = groups.stream()
                    .filter(other -> other != group)
                    .map(Group::cache)
                    .toList();
            var applier = new Applier(group.apiServer(), group.cache(), neighbours, companions.leadership(), clock);
            group.registry()
                    .onChange(key -> group.registry()
                            .get(key)
                            .findConfiguration()
                            .map(configuration -> configuration.status().recovery())
                            .filter(recovery -> recovery.awaitedNodes().isEmpty())
                            .ifPresent(_ -> companions.facts().tellAgain()));
            var dynamicResources = new DynamicResources(group.apiServer(), group.cache(), random);
            var exposures = new ExposureStep(group.dialect(), group.cache(), dynamicResources, applier);
            var hands = new Reconciler.Hands(applier, exposures, companions.events());
            return new GroupLoop(sources, new Reconciler(sources, calls, hands, clock), hands, metrics, random);
        };
    }

    /// How an API group's loop is made.
    @FunctionalInterface
    interface GroupLoops {

        GroupLoop of(Group group);
    }

    @Bean
    ReconcileLoop reconcileLoop(
            ReconcileLoop.Companions companions,
            GroupLoops loops,
            List<Group> groups,
            ClusterCache cache,
            NodeStates nodes,
            RandomGenerator random) {
        return new ReconcileLoop(companions, groups.stream().map(loops::of).toList(), cache, nodes, random);
    }

    @Bean
    InformedHealth informedHealthIndicator(ReconcileLoop loop) {
        return new InformedHealth(loop);
    }
}
