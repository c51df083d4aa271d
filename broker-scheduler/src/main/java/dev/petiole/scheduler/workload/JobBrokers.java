package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.template.TemplateFault;
import dev.petiole.scheduler.workload.WorkloadPlan.DeviceBrokers;
import java.util.List;
import java.util.Set;

/// A Job for each device and generation of its Configuration, kept as long as the device is there, as the record that
/// it ran.
final class JobBrokers implements Brokers {

    private final Situation situation;
    private final Templates templates;
    private final Broker.Jobs broker;
    private final Children jobs;

    JobBrokers(Situation situation, Templates templates, Broker.Jobs broker, Children children) {
        this.situation = situation;
        this.templates = templates;
        this.broker = broker;
        this.jobs = children;
    }

    @Override
    public Set<Resource> resources() {
        return Set.of(Resource.JOB);
    }

    @Override
    public boolean isServed(String retainedDevice) {
        return !jobs.of(Resource.JOB, retainedDevice).isEmpty();
    }

    @Override
    public void plan(Draft draft) {
        for (Device device : situation.devices()) {
            plan(draft, device, jobs.of(Resource.JOB, device.name()));
        }
    }

    private void plan(Draft draft, Device device, List<JsonObject> existing) {
        String name = templates.jobName(device);
        boolean exists = existing.stream().anyMatch(job -> nameOf(job).equals(name));
        if (!exists && !Brokers.isOnline(device)) {
            // The old one stays until the device can be given to a new one.
            draft.brokersOf(
                    device,
                    DeviceBrokers.of(
                            existing.stream().map(JobBrokers::nameOf).sorted().toList()));
            return;
        }
        try {
            draft.want(Resource.JOB, templates.job(device, broker.jobSpec()), templates.ownerOf(device));
            draft.brokersOf(device, DeviceBrokers.of(List.of(name)));
            existing.stream()
                    .filter(job -> !nameOf(job).equals(name))
                    .forEach(job -> draft.remove(Resource.JOB, job, Reason.TEMPLATE_CHANGED));
        } catch (TemplateFault e) {
            draft.fault(device.name(), "brokerSpec.brokerJobSpec." + e.getMessage());
        }
    }

    private static String nameOf(JsonObject job) {
        return Json.text(job, "metadata", "name");
    }
}
