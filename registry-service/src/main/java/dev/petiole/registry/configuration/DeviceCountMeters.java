package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.registry.revision.Versioned;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// How many devices there are of each Configuration: read when Prometheus asks, so that nothing is kept for it and
/// what is deleted is gone at once, in every replica.
@Component
final class DeviceCountMeters implements Collector {

    private final ConfigurationStore store;

    DeviceCountMeters(ConfigurationStore store, ObjectProvider<PrometheusRegistry> metrics) {
        this.store = store;
        metrics.ifAvailable(registry -> registry.register(this));
    }

    @Override
    public MetricSnapshot collect() {
        GaugeSnapshot.Builder devices =
                GaugeSnapshot.builder().name("petiole_registry_devices").help("Devices, by Configuration and presence");
        for (Versioned<ConfigurationRecord> configuration : store.list()) {
            String key = configuration.value().key().toString();
            DeviceCounts counts = configuration.value().counts();
            devices.dataPoint(count(key, "Online", counts.online()))
                    .dataPoint(count(key, "Missing", counts.missing()))
                    .dataPoint(count(key, "Unknown", counts.unknown()))
                    .dataPoint(count(key, "Offline", counts.offline()));
        }
        return devices.build();
    }

    private static GaugeDataPointSnapshot count(String configuration, String presence, int devices) {
        return GaugeDataPointSnapshot.builder()
                .labels(Labels.of("configuration", configuration, "presence", presence))
                .value(devices)
                .build();
    }
}
