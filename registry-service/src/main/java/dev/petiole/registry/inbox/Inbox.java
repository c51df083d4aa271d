package dev.petiole.registry.inbox;

import static dev.petiole.registry.LogKeys.COUNT;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.device.AdmissionWrite;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.inbox.InboxDecisions;
import dev.petiole.api.inbox.InboxDecisions.Item;
import dev.petiole.api.inbox.InboxResults;
import dev.petiole.api.inbox.InboxResults.ItemProblem;
import dev.petiole.api.inbox.InboxResults.Result;
import dev.petiole.api.inbox.RulesTrial;
import dev.petiole.api.inbox.RulesTrial.Outcome;
import dev.petiole.api.inbox.RulesTrialRequest;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.configuration.Configurations;
import dev.petiole.registry.device.AdmissionRules;
import dev.petiole.registry.device.AdmissionRules.Verdict;
import dev.petiole.registry.device.Cause;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.Devices;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.problem.Refusal;
import dev.petiole.registry.revision.IfMatch;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Snapshots;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Takes decisions about devices.
@Component
final class Inbox {

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    private static final int MAX_OUTCOMES = 1_000;
    private static final int OK = 200;

    private final Devices devices;
    private final Configurations configurations;
    private final RegistryWriter writer;
    private final RevisionLog revisions;
    private final Snapshots snapshots;

    Inbox(
            Devices devices,
            Configurations configurations,
            RegistryWriter writer,
            RevisionLog revisions,
            Snapshots snapshots) {
        this.devices = devices;
        this.configurations = configurations;
        this.writer = writer;
        this.revisions = revisions;
        this.snapshots = snapshots;
    }

    Device decide(DeviceKey key, IfMatch ifMatch, AdmissionWrite write, String by) {
        var cause = new Cause(by, write.why());
        return writer.write(transaction -> devices.view(devices.decide(
                transaction, devices.demandDecidable(key, ifMatch, write.admission()), write.admission(), cause)));
    }

    /// All in one transaction, each with its own result.
    InboxResults decideMany(InboxDecisions decisions, boolean isDryRun, String by) {
        var cause = new Cause(by, decisions.why());
        List<Result> results = writer.write(transaction -> {
            List<Result> all = new ArrayList<>();
            for (Item item : decisions.devices()) {
                all.add(decide(transaction, item, decisions.admission(), isDryRun ? null : cause));
            }
            return all;
        });
        log.atInfo()
                .addKeyValue(
                        COUNT,
                        results.stream()
                                .filter(result -> result.problem() == null)
                                .count())
                .log(isDryRun ? "decisions about devices tried" : "decisions about devices taken");
        return new InboxResults(isDryRun, results);
    }

    RulesTrial tryRules(RulesTrialRequest request) {
        ConfigurationKey key = request.configuration();
        return snapshots.read(revision -> {
            ConfigurationRecord configuration =
                    configurations.find(key).orElseThrow(() -> new NotFound("Configuration " + key));
            ConfigurationSpec spec = configuration.spec().withAdmission(request.admission(), request.rules());
            List<Outcome> outcomes = devices.listOf(key).stream()
                    .map(Versioned::value)
                    .sorted(Comparator.comparing(DeviceRecord::name))
                    .map(device -> outcome(spec, device))
                    .toList();
            Map<Admission, Long> counts =
                    outcomes.stream().collect(Collectors.groupingBy(Outcome::outcome, Collectors.counting()));
            return new RulesTrial(
                    counts.getOrDefault(Admission.APPROVED, 0L).intValue(),
                    counts.getOrDefault(Admission.IGNORED, 0L).intValue(),
                    counts.getOrDefault(Admission.PENDING, 0L).intValue(),
                    outcomes.subList(0, Math.min(outcomes.size(), MAX_OUTCOMES)),
                    revisions.at(revision).toString());
        });
    }

    /// @param cause null to change nothing
    private Result decide(WriteTransaction transaction, Item item, Admission admission, @Nullable Cause cause) {
        var ref = new DeviceRef(item.group(), item.namespace(), item.name());
        DeviceKey key = DeviceKey.of(ref);
        try {
            Versioned<DeviceRecord> device =
                    devices.demandDecidable(key, IfMatch.version(item.resourceVersion()), admission);
            Versioned<DeviceRecord> after =
                    cause == null ? device : devices.decide(transaction, device, admission, cause);
            return new Result(
                    ref,
                    OK,
                    after.value().admission(),
                    revisions.at(after.revision()).toString(),
                    null);
        } catch (Refusal e) {
            Admission present =
                    devices.find(key).map(device -> device.value().admission()).orElse(null);
            return new Result(
                    ref,
                    e.type().status().value(),
                    present,
                    null,
                    new ItemProblem(e.type().uri(), e.type().title(), e.detail()));
        }
    }

    private static Outcome outcome(ConfigurationSpec spec, DeviceRecord device) {
        Verdict verdict = AdmissionRules.judge(spec, device);
        return new Outcome(device.name(), device.admission(), verdict.admission(), verdict.rule(), verdict.why());
    }
}
