package dev.petiole.registry.observation;

import static dev.petiole.registry.LogKeys.CONFIGURATION;
import static dev.petiole.registry.LogKeys.NODE;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.registry.configuration.ConfigurationListener;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.configuration.Configurations;
import dev.petiole.registry.device.DeviceChange;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.DeviceRecord.Origin;
import dev.petiole.registry.device.Devices;
import dev.petiole.registry.node.Leases;
import dev.petiole.registry.node.NodeListener;
import dev.petiole.registry.observation.ObservationRules.Decision;
import dev.petiole.registry.observation.ObservationRules.Statement;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.slot.Slots;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Takes observations.
@Component
final class Observations implements NodeListener, ConfigurationListener {

    private static final Logger log = LoggerFactory.getLogger(Observations.class);

    private final ObservationProgress progress;
    private final Configurations configurations;
    private final Devices devices;
    private final Slots slots;
    private final Leases leases;
    private final RegistryWriter writer;
    private final ObservationMeters meters;

    Observations(
            ObservationProgress progress,
            Configurations configurations,
            Devices devices,
            Slots slots,
            Leases leases,
            RegistryWriter writer,
            ObservationMeters meters) {
        this.meters = meters;
        this.progress = progress;
        this.configurations = configurations;
        this.devices = devices;
        this.slots = slots;
        this.leases = leases;
        this.writer = writer;
    }

    /// Takes what one handler sees. A statement about what is no more, or an outdated one, says nothing and is no
    /// error.
    void observe(String node, Observation observation) {
        boolean wasNews = writer.write(transaction -> {
            leases.prove(transaction, node, observation.session());
            ConfigurationRecord configuration =
                    configurations.find(observation.configuration()).orElse(null);
            boolean isNews = configuration != null
                    && ObservationRules.isAbout(configuration, node, observation)
                    && progress.advance(node, observation);
            if (isNews) {
                apply(transaction, Objects.requireNonNull(configuration), new Statement(node, observation));
            } else {
                log.atDebug()
                        .addKeyValue(CONFIGURATION, observation.configuration())
                        .addKeyValue(NODE, node)
                        .log("observation is out of date");
            }
            return isNews;
        });
        meters.taken(wasNews);
    }

    @Override
    public void configurationRemoved(WriteTransaction transaction, ConfigurationRecord configuration) {
        progress.forget(configuration.key());
    }

    @Override
    public void nodeGone(WriteTransaction transaction, String node) {
        progress.forget(node);
    }

    private void apply(WriteTransaction transaction, ConfigurationRecord configuration, Statement statement) {
        List<String> names = ObservationRules.origins(configuration, statement.node(), statement.observation()).stream()
                .map(Origin::deviceName)
                .toList();
        List<Versioned<DeviceRecord>> known = devices.listConcerned(configuration.key(), statement.node(), names);
        Decision decision = ObservationRules.decide(configuration, known, statement, transaction.now());
        List<DeviceChange> changes =
                decision.changes().stream().map(this::withHolders).toList();
        DeviceCounts counts = devices.write(transaction, configuration, changes);
        configurations.amend(
                transaction,
                configuration.key(),
                current -> current.withDiscovery(decision.discovery()).withCounts(counts));
    }

    /// A device that is new here may have holders from before.
    private DeviceChange withHolders(DeviceChange change) {
        DeviceRecord after = change.after();
        return change.before() != null || after == null
                ? change
                : new DeviceChange(null, after.withSlots(slots.holders(after.key())));
    }
}
