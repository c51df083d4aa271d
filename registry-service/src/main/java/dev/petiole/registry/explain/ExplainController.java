package dev.petiole.registry.explain;

import dev.petiole.api.device.DeviceExplanation;
import dev.petiole.api.device.ExplainApi;
import dev.petiole.registry.device.DeviceKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Devices", description = "Leaf devices and who uses them: read-only, the edge owns them")
final class ExplainController implements ExplainApi {

    private final Explanations explanations;

    ExplainController(Explanations explanations) {
        this.explanations = explanations;
    }

    @Override
    @Operation(operationId = "explainDevice", summary = "Explain why a device is as it is")
    public DeviceExplanation explain(String group, String namespace, String name) {
        return explanations.explain(new DeviceKey(group, namespace, name));
    }
}
