package dev.petiole.registry.inbox;

import dev.petiole.api.device.AdmissionWrite;
import dev.petiole.api.device.Device;
import dev.petiole.api.inbox.InboxApi;
import dev.petiole.api.inbox.InboxDecisions;
import dev.petiole.api.inbox.InboxResults;
import dev.petiole.api.inbox.RulesTrial;
import dev.petiole.api.inbox.RulesTrialRequest;
import dev.petiole.registry.configuration.ConfigurationRules;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refuses;
import dev.petiole.registry.revision.IfMatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Inbox", description = "Decisions about devices that wait for one")
final class InboxController implements InboxApi {

    private final Inbox inbox;

    InboxController(Inbox inbox) {
        this.inbox = inbox;
    }

    @Override
    @Refuses(ProblemType.NOT_FOUND)
    @Operation(operationId = "decideDevice", summary = "Approve or ignore a device")
    public Device decide(
            String group, String namespace, String name, @Nullable String ifMatch, AdmissionWrite decision) {
        return inbox.decide(
                new DeviceKey(group, namespace, name), IfMatch.header(ifMatch), decision, Deciders.current());
    }

    @Override
    @Operation(operationId = "decideDevices", summary = "Approve or ignore many devices at once")
    public InboxResults decideMany(boolean dryRun, InboxDecisions decisions) {
        return inbox.decideMany(decisions, dryRun, Deciders.current());
    }

    @Override
    @Refuses(ProblemType.NOT_FOUND)
    @Operation(operationId = "tryAdmissionRules", summary = "Try admission rules without changing anything")
    public RulesTrial tryRules(RulesTrialRequest request) {
        if (request.rules() != null) {
            ConfigurationRules.checkRules(request.rules(), "rules");
        }
        return inbox.tryRules(request);
    }
}
