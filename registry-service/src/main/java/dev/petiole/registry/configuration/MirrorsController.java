package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.MirrorReport;
import dev.petiole.api.configuration.MirrorsApi;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Configurations", description = "What to look for, and what to do with each device found")
final class MirrorsController implements MirrorsApi {

    private final Configurations configurations;

    MirrorsController(Configurations configurations) {
        this.configurations = configurations;
    }

    @Override
    @Operation(
            operationId = "reportMirror",
            summary = "State whether the cluster shows a Configuration made over REST (broker-scheduler only)")
    public void report(String group, String namespace, String name, MirrorReport report) {
        configurations.reportMirror(Configurations.key(group, namespace, name), report.fault());
    }
}
