package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Decides which brokers and Services there should be for one Configuration. A pure function: the same situation always
/// gives the same plan.
public final class WorkloadPlanner {

    private final Situation situation;
    private final Templates templates;
    private final Children children;
    private final Brokers brokers;
    private final Draft draft = new Draft();
    private final Set<String> exposed = new HashSet<>();

    private WorkloadPlanner(Dialect dialect, Situation situation) {
        this.situation = situation;
        this.templates = new Templates(dialect, situation.configuration());
        this.children = new Children(dialect, templates.configurationName(), situation.existing());
        this.brokers = brokers(dialect);
        situation.devices().forEach(device -> exposed.add(device.name()));
    }

    public static WorkloadPlan plan(Dialect dialect, Situation situation) {
        return new WorkloadPlanner(dialect, situation).plan();
    }

    private WorkloadPlan plan() {
        brokers.plan(draft);
        WorkloadPlan plan = draft.toPlan();
        if (plan.faults().containsKey("")) {
            // What there is serves until it is known what should be there instead.
            return plan;
        }
        removeOtherKinds();
        planServices();
        return draft.toPlan();
    }

    private Brokers brokers(Dialect dialect) {
        Broker broker = Broker.of(templates.brokerSpec(), situation.existing().others());
        return switch (broker) {
            case Broker.None _ -> new NoBrokers(null);
            case Broker.Unavailable(String message) -> new NoBrokers(message);
            case Broker.Pods pods -> new PodBrokers(dialect, situation, templates, pods, children);
            case Broker.Jobs jobs -> new JobBrokers(situation, templates, jobs, children);
            case Broker.Workload workload -> new ObjectBrokers(situation, templates, workload, children);
            case Broker.Other other -> new ObjectBrokers(situation, templates, other, children);
            case Broker.Pool pool -> new PoolBrokers(situation, templates, pool, dialect.group() + "/broker", children);
        };
    }

    /// Of the kinds that these brokers decide on, Pods and Jobs have been decided on one by one.
    private void removeOtherKinds() {
        List<Resource> all = new ArrayList<>(Resource.WORKLOADS);
        all.add(Resource.CONFIG_MAP);
        all.addAll(situation.existing().others());
        for (Resource resource : all) {
            boolean isDecided = brokers.resources().contains(resource)
                    && (resource.equals(Resource.POD) || resource.equals(Resource.JOB));
            if (!isDecided) {
                children.of(resource).forEach(object -> removeUnlessWanted(resource, object));
            }
        }
    }

    private void removeUnlessWanted(Resource resource, JsonObject object) {
        String device = children.deviceOf(resource, object);
        // Those of a device that is gone follow their Instance.
        boolean isOurs = device.isEmpty() || exposed.contains(device);
        if (isOurs && !draft.isSpared(ObjectKey.of(resource, object))) {
            boolean isOfThisKind = brokers.resources().contains(resource);
            draft.remove(resource, object, isOfThisKind ? Reason.NO_PLACE : Reason.TEMPLATE_CHANGED);
        }
    }

    private void planServices() {
        boolean hasBrokers = situation.retained().stream().anyMatch(brokers::isServed);
        for (Device device : situation.devices()) {
            if (draft.isServed(device)) {
                hasBrokers = true;
                templates
                        .findInstanceService(device, draft.selectorOf(device))
                        .ifPresent(service -> draft.want(Resource.SERVICE, service, templates.ownerOf(device)));
            }
        }
        if (hasBrokers) {
            templates
                    .findConfigurationService()
                    .ifPresent(service -> draft.want(Resource.SERVICE, service, templates.ownerOf(null)));
        }
        for (JsonObject service : children.of(Resource.SERVICE)) {
            String device = children.deviceOf(Resource.SERVICE, service);
            boolean isOurs = device.isEmpty() || exposed.contains(device);
            if (isOurs && !draft.isSpared(ObjectKey.of(Resource.SERVICE, service))) {
                draft.remove(Resource.SERVICE, service, Reason.NO_PLACE);
            }
        }
    }
}
