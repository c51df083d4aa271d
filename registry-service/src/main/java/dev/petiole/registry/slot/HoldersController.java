package dev.petiole.registry.slot;

import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HoldersApi;
import dev.petiole.registry.configuration.Configurations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Configurations", description = "What to look for, and what to do with each device found")
final class HoldersController implements HoldersApi {

    private final Slots slots;

    HoldersController(Slots slots) {
        this.slots = slots;
    }

    @Override
    @Operation(summary = "Recall holders of slots that another manager granted (broker-scheduler only)")
    public void recall(String group, String namespace, String name, HeldSlots held) {
        slots.recall(Configurations.key(group, namespace, name), held);
    }
}
