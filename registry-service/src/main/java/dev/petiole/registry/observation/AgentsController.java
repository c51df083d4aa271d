package dev.petiole.registry.observation;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.Lease;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.handler.Handlers;
import dev.petiole.registry.node.Leases;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refuses;
import dev.petiole.registry.slot.Slots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Agents", description = "What a node's discovery service says: not for people")
final class AgentsController implements AgentsApi {

    private final Leases leases;
    private final Handlers handlers;
    private final Observations observations;
    private final Slots slots;

    AgentsController(Leases leases, Handlers handlers, Observations observations, Slots slots) {
        this.leases = leases;
        this.handlers = handlers;
        this.observations = observations;
        this.slots = slots;
    }

    @Override
    @Refuses(ProblemType.SESSION_REPLACED)
    @Operation(summary = "Begin a session or renew its lease")
    public Lease renewLease(String node, LeaseRequest lease) {
        AgentRules.check(node, lease);
        return leases.renew(node, lease);
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses(ProblemType.SESSION_REPLACED)
    @Operation(summary = "State which handlers the node offers")
    public void reportHandlers(String node, HandlerReport report) {
        AgentRules.checkNode(node);
        handlers.report(node, report);
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses(ProblemType.SESSION_REPLACED)
    @Operation(summary = "State what one handler sees for one Configuration")
    public void observe(String node, Observation observation) {
        AgentRules.check(node, observation);
        observations.observe(node, observation);
    }

    @Override
    @Refuses({
        ProblemType.SESSION_REPLACED,
        ProblemType.NOT_FOUND,
        ProblemType.NO_FREE_SLOT,
        ProblemType.DEVICE_NOT_AVAILABLE
    })
    @Operation(summary = "Claim a slot of a device")
    public Slot claim(String node, ClaimRequest claim) {
        AgentRules.check(node, claim);
        return slots.claim(node, claim);
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses(ProblemType.SESSION_REPLACED)
    @Operation(summary = "State which claims are in use")
    public void reportUsage(String node, UsageReport usage) {
        AgentRules.check(node, usage);
        slots.report(node, usage);
    }
}
