package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.device.AdmissionWrite;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.inbox.InboxApi;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.client.RegistryUnreachable;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.ConditionType;
import dev.petiole.scheduler.condition.Conditions;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.configuration.ConfigurationConditions;
import dev.petiole.scheduler.configuration.ConfigurationImport;
import dev.petiole.scheduler.configuration.ConfigurationStatuses;
import dev.petiole.scheduler.configuration.Mirrors;
import dev.petiole.scheduler.configuration.Verdict;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.instance.AbsenceCheck;
import dev.petiole.scheduler.instance.InstancePlanner;
import dev.petiole.scheduler.instance.InstancePlanner.InstancePlan;
import dev.petiole.scheduler.instance.InstanceStatus;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.NodeState;
import dev.petiole.scheduler.node.NodeStates;
import dev.petiole.scheduler.reconcile.Applier.Outcome;
import dev.petiole.scheduler.registry.RegistryView;
import dev.petiole.scheduler.takeover.Takeover;
import dev.petiole.scheduler.workload.BrokerPod;
import dev.petiole.scheduler.workload.Existing;
import dev.petiole.scheduler.workload.Readiness;
import dev.petiole.scheduler.workload.Removal;
import dev.petiole.scheduler.workload.Situation;
import dev.petiole.scheduler.workload.Wanted;
import dev.petiole.scheduler.workload.WorkloadPlan;
import dev.petiole.scheduler.workload.WorkloadPlanner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one Configuration, and all that comes from it, to where it should be: observe, decide, apply the differences,
/// tell the status. Must be called only when both the cluster and the registry have been listed in full.
final class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    // A backup only: a new namespace is heard of.
    private static final Duration MIRROR_AGAIN_AFTER = Duration.ofMinutes(5);
    private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(21);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(2);
    private static final int MAX_FAULT = 1024;
    private static final WorkloadPlan.DeviceBrokers NO_BROKERS =
            new WorkloadPlan.DeviceBrokers(List.of(), 0, WorkloadPlan.Wait.NOTHING);
    // No device has such a name.
    private static final String EXPOSURE = "/exposure";
    private static final Set<String> NOT_WORTH_AN_EVENT =
            Set.of(Reason.PENDING, Reason.AWAITING_NODES, Reason.NOT_READY, Reason.NO_NODE);

    private final Dialect dialect;
    private final ClusterCache cache;
    private final RegistryView registry;
    private final NodeStates nodes;
    private final Namesakes namesakes;
    private final ConfigurationImport configurations;
    private final AbsenceCheck absences;
    private final Mirrors mirrors;
    private final InboxApi admissions;
    private final TemplateCheck templates;
    private final Takeover takeover;
    private final Applier applier;
    private final ExposureStep exposures;
    private final EventRecorder events;
    private final Clock clock;
    private final BrokerHistory history;

    Reconciler(Sources sources, RegistryCalls calls, Hands hands, Clock clock) {
        this.dialect = sources.dialect();
        this.cache = sources.cache();
        this.registry = sources.registry();
        this.nodes = sources.nodes();
        this.namesakes = new Namesakes(dialect, cache);
        this.configurations = calls.configurations();
        this.absences = calls.absences();
        this.mirrors = calls.mirrors();
        this.admissions = calls.admissions();
        this.takeover = calls.takeover();
        this.applier = hands.applier();
        this.exposures = hands.exposures();
        this.events = hands.events();
        this.templates = new TemplateCheck(dialect, applier);
        this.clock = clock;
        this.history = new BrokerHistory(dialect);
    }

    /// Where it is read how things are.
    record Sources(Dialect dialect, ClusterCache cache, RegistryView registry, NodeStates nodes) {}

    /// What is said to, and asked of, the registry.
    record RegistryCalls(
            ConfigurationImport configurations,
            AbsenceCheck absences,
            Mirrors mirrors,
            Takeover takeover,
            InboxApi admissions) {}

    /// By which something is done.
    record Hands(Applier applier, ExposureStep exposures, EventRecorder events) {}

    /// One look at a Configuration, and what comes of it.
    private static final class Pass {
        final ConfigurationKey key;
        final JsonObject object;
        final @Nullable Configuration known;
        final long generation;
        final List<Device> devices;
        final Instant now;
        final Map<String, Map<String, String>> rejections = new HashMap<>();
        final Map<String, JsonObject> instances = new HashMap<>();
        final Map<String, JsonObject> workloads = new HashMap<>();
        final List<Readiness> readiness = new ArrayList<>();
        final Set<String> retained = new HashSet<>();

        ExposureStep.@Nullable Exposure exposure;

        @Nullable Instant lookAgain;

        @Nullable RuntimeException failure;

        Pass(ConfigurationKey key, JsonObject object, RegistryView.Entry entry, Instant now) {
            this.key = key;
            this.object = object;
            String uid = Mirrors.registryUid(object);
            this.known = entry.findConfiguration()
                    .filter(copy -> copy.uid().equals(uid))
                    .orElse(null);
            this.generation = Mirrors.isMirror(object) && known != null
                    ? known.generation()
                    : Json.number(object, "metadata", "generation");
            this.devices = entry.devices();
            this.now = now;
        }

        Optional<Configuration> findKnown() {
            return Optional.ofNullable(known);
        }

        void lookAgainAt(Instant at) {
            if (lookAgain == null || at.isBefore(lookAgain)) {
                lookAgain = at;
            }
        }
    }

    /// @return after which time to look again even if nothing is heard
    Optional<Duration> reconcile(ConfigurationKey key) {
        RegistryView.Entry entry = registry.get(key);
        Optional<JsonObject> present = cache.find(new ObjectKey(dialect.configurations(), key.namespace(), key.name()));
        present.ifPresent(takeover::takeConfiguration);
        // Before the registry hears of the Configuration: it must not grant what is held. Instances whose Configuration
        // is gone wait for their finalizers.
        takeover.takeInstances(
                key,
                cache.find(dialect.instances(), key.namespace(), key.name()),
                nodes.all().keySet());
        Optional<JsonObject> object = present.filter(found -> Json.at(found, "metadata", "deletionTimestamp") == null);
        boolean isOfRegistry = entry.findConfiguration()
                .filter(copy -> copy.managedBy() == ManagedBy.REGISTRY)
                .isPresent();
        if (isOfRegistry && object.filter(there -> !Mirrors.isMirror(there)).isEmpty()) {
            object = mirror(entry, object);
            if (object.isEmpty()) {
                return Optional.of(MIRROR_AGAIN_AFTER);
            }
        } else if (object.isPresent() && Mirrors.isMirror(object.get()) && entry.configuration() == null) {
            return withoutOriginal(key, object.get());
        }
        if (object.isEmpty()) {
            configurations.remove(entry);
            history.forget(key);
            templates.forget(key);
            exposures.sweep(key);
            return Optional.empty();
        }
        Optional<String> owner = namesakes.findOwner(object.get());
        if (owner.isPresent()) {
            configurations.remove(entry);
        }
        RegistryView.Entry own = owner.isPresent() ? RegistryView.Entry.NOTHING : entry;
        var pass = new Pass(key, object.get(), own, clock.instant());
        Verdict verdict = owner.<Verdict>map(namespace -> taken(key, namespace))
                .orElseGet(() -> isMirrored(pass)
                        ? new Verdict.Accepted()
                        : configurations.bringIn(
                                key,
                                pass.object,
                                pass.findKnown(),
                                !ownInstances(pass).isEmpty()));
        configurations.askAgainAfter(verdict).ifPresent(delay -> pass.lookAgainAt(pass.now.plus(delay)));
        // A registry that does not know it says nothing about its devices.
        if (pass.known != null) {
            if (pass.known.status().recovery() == null) {
                project(pass, pass.known);
            } else {
                leaveAlone(pass);
            }
        }
        writeStatus(pass, verdict);
        if (pass.failure != null) {
            throw pass.failure;
        }
        return Optional.ofNullable(pass.lookAgain).map(at -> positive(Duration.between(clock.instant(), at)));
    }

    private static boolean isMirrored(Pass pass) {
        return Mirrors.isMirror(pass.object) && pass.known != null && pass.known.managedBy() == ManagedBy.REGISTRY;
    }

    /// @return the object that shows the Configuration, if there can be one
    private Optional<JsonObject> mirror(RegistryView.Entry entry, Optional<JsonObject> before) {
        Configuration original = entry.findConfiguration().orElseThrow();
        JsonObject wanted = mirrors.mirrorOf(original);
        ObjectKey key = ObjectKey.of(wanted);
        try {
            Outcome outcome = applier.apply(key, wanted);
            if (outcome instanceof Outcome.Changed(var object, boolean wasEdited) && wasEdited) {
                events.warning(
                        object,
                        Reason.EDIT_UNDONE,
                        "Undid an edit: this Configuration is managed by the registry; edit it over REST.");
            }
            Optional<JsonObject> shown = outcome.findObject().or(() -> before);
            mirrors.tell(original, fault(outcome));
            return shown;
        } catch (ApiRefusal e) {
            if (e.status() != 404) {
                throw e;
            }
            mirrors.tell(
                    original,
                    new MirrorFault(
                            "NamespaceNotFound",
                            "There is no namespace " + key.namespace() + " in the cluster, so nothing is made of the"
                                    + " Configuration's devices (remedy: make the namespace, or the Configuration in"
                                    + " another one)."));
            log.atWarn()
                    .addKeyValue("configuration", key)
                    .addKeyValue("error", e.getMessage())
                    .log("configuration made over REST can't be shown: its namespace is not there; make it");
            return Optional.empty();
        }
    }

    private static @Nullable MirrorFault fault(Outcome outcome) {
        return outcome instanceof Outcome.Rejected rejected
                ? new MirrorFault("Rejected", cut("The cluster refuses to show it: " + rejected.message()))
                : null;
    }

    private static String cut(String message) {
        return message.length() > MAX_FAULT ? message.substring(0, MAX_FAULT - 1) + "…" : message;
    }

    private Optional<Duration> withoutOriginal(ConfigurationKey key, JsonObject mirror) {
        if (!mirrors.isOrphan(key, mirror)) {
            return Optional.of(ASK_AGAIN_AFTER);
        }
        applier.delete(ObjectKey.of(mirror), Json.text(mirror, "metadata", "uid"));
        history.forget(key);
        return Optional.empty();
    }

    /// A registry that is being rebuilt says nothing yet by what it does not know.
    private void leaveAlone(Pass pass) {
        ownInstances(pass).forEach(instance -> pass.retained.add(Json.text(instance, "metadata", "name")));
    }

    /// @return the Instances of this very Configuration, not of a namesake that was deleted
    private List<JsonObject> ownInstances(Pass pass) {
        String uid = Json.text(pass.object, "metadata", "uid");
        return cache.find(dialect.instances(), pass.key.namespace(), pass.key.name()).stream()
                .filter(instance -> Json.objects(instance, "metadata", "ownerReferences").stream()
                        .anyMatch(owner -> Json.text(owner, "uid").equals(uid)))
                .toList();
    }

    private static Verdict.NameTaken taken(ConfigurationKey key, String namespace) {
        return new Verdict.NameTaken("The name " + key.name() + " is taken by the Configuration of the namespace "
                + namespace + ", which is older: what " + key.group()
                + " makes from names ignores namespaces. Give this one another name.");
    }

    private void project(Pass pass, Configuration known) {
        Map<String, NodeState> allNodes = nodes.all();
        InstancePlan instances = InstancePlanner.plan(
                dialect,
                new InstancePlanner.Situation(
                        pass.object,
                        known,
                        certain(pass),
                        cache.find(dialect.instances(), pass.key.namespace(), pass.key.name()),
                        allNodes));
        applyInstances(pass, instances.wanted());
        remove(pass, instances.removals());
        pass.retained.addAll(instances.retained());
        instances.approved().forEach(device -> approve(pass, device));
        instances.doubtful().forEach(instance -> removeIfAbsent(pass, instance, allNodes));

        ExposureStep.Exposure exposure = expose(pass, known, allNodes);
        List<Device> served = exposure.servesBrokers() ? instances.exposed() : List.of();
        if (!exposure.servesBrokers()) {
            instances.exposed().forEach(device -> pass.retained.add(device.name()));
        }

        var existing = existing(pass.key);
        WorkloadPlan plan = WorkloadPlanner.plan(
                dialect,
                new Situation(
                        pass.object,
                        served,
                        pass.retained,
                        existing,
                        allNodes,
                        load(),
                        history.observe(pass.key, existing.of(Resource.POD), circumstances(pass), pass.now),
                        uninformed(pass, known, allNodes.keySet()),
                        pass.now));
        remove(pass, plan.removals());
        existing.objects().forEach((resource, objects) -> {
            if (isWorkload(resource)) {
                objects.forEach(object -> pass.workloads.put(Json.text(object, "metadata", "name"), object));
            }
        });
        plan.faults()
                .forEach((device, message) -> pass.rejections
                        .computeIfAbsent(device, _ -> new HashMap<>())
                        .put(Readiness.TEMPLATE, message));
        if (instances.exposed().isEmpty() && hasBroker(pass.object)) {
            checkTemplate(pass, existing.others());
        }
        applyChildren(pass, plan.wanted());
        plan.lookAgain().ifPresent(pass::lookAgainAt);
        writeInstanceStatuses(pass, instances.exposed(), plan);
        plan.common().ifPresent(common -> {
            // Those that serve several devices are counted once.
            Map<String, String> rejections = pass.rejections.getOrDefault("", Map.of());
            pass.readiness.add(Readiness.of(pass.key.name(), common, pass.workloads, rejections));
            pass.rejections.remove("");
        });
    }

    /// Without those of which the record lacks nodes that saw the device, while the registry itself names them,
    /// or still waits for some: such a record is older than what else is known, and its device stays as it is.
    private List<Device> certain(Pass pass) {
        Map<String, JsonObject> instances = ownInstances(pass).stream()
                .collect(Collectors.toMap(instance -> Json.text(instance, "metadata", "name"), Function.identity()));
        Map<Device, Set<String>> lost = new LinkedHashMap<>();
        for (Device device : pass.devices) {
            JsonObject instance = instances.get(device.name());
            if (instance != null && device.presence() != Device.Presence.OFFLINE) {
                lost.put(device, InstancePlanner.unmentioned(instance, device));
            }
        }
        lost.values().removeIf(Set::isEmpty);
        List<Device> asked = List.copyOf(lost.keySet());
        List<Boolean> answers =
                Together.each(asked, device -> isConfirmed(pass, device, lost.getOrDefault(device, Set.of())));
        Set<Device> doubtful = new HashSet<>();
        for (int i = 0; i < asked.size(); i++) {
            if (!answers.get(i)) {
                doubtful.add(asked.get(i));
                pass.retained.add(asked.get(i).name());
                pass.lookAgainAt(pass.now.plus(ASK_AGAIN_AFTER));
            }
        }
        return pass.devices.stream()
                .filter(device -> !doubtful.contains(device))
                .toList();
    }

    private boolean isConfirmed(Pass pass, Device device, Set<String> lost) {
        try {
            return absences.isConfirmed(pass.key, device.name(), lost);
        } catch (RegistryUnreachable | RegistryProblem e) {
            log.atDebug()
                    .addKeyValue("device", device.name())
                    .addKeyValue("error", e.toString())
                    .log("registry can't be asked whether nodes lost the device");
            return false;
        }
    }

    private void approve(Pass pass, Device device) {
        try {
            admissions.decide(
                    pass.key.group(),
                    pass.key.namespace(),
                    device.name(),
                    "\"" + device.resourceVersion() + "\"",
                    new AdmissionWrite(Admission.APPROVED, "approved before the registry was rebuilt"));
        } catch (RegistryUnreachable | RegistryProblem e) {
            pass.failure = e;
        }
    }

    private void checkTemplate(Pass pass, Set<Resource> others) {
        try {
            Map<String, String> rejections = templates.rejections(pass.key, pass.object, others, pass.now);
            if (!rejections.isEmpty()) {
                pass.rejections.computeIfAbsent("", _ -> new HashMap<>()).putAll(rejections);
                pass.lookAgainAt(pass.now.plus(CHECK_AGAIN_AFTER));
            }
        } catch (ApiRefusal e) {
            pass.failure = e;
        }
    }

    /// A node whose discovery service has not read this generation yet hands out what was asked for before.
    private static Set<String> uninformed(Pass pass, Configuration known, Set<String> all) {
        if (known.generation() != pass.generation) {
            return all;
        }
        return known.status().nodes().stream()
                .filter(node -> node.generation() != pass.generation)
                .map(node -> node.node())
                .collect(Collectors.toSet());
    }

    private static boolean isWorkload(Resource resource) {
        return !resource.equals(Resource.SERVICE) && !resource.equals(Resource.CONFIG_MAP);
    }

    /// What the kubelet's decision on a broker depends on: who holds which slot, where the device is seen, and how much
    /// of it the nodes offer.
    private Function<String, Object> circumstances(Pass pass) {
        Map<String, Device> byPod = new HashMap<>();
        for (Device device : pass.devices) {
            device.nodes().forEach(seen -> byPod.put(dialect.podName(device, seen.node()), device));
        }
        return pod -> {
            Device device = byPod.get(pod);
            if (device == null) {
                return List.of();
            }
            String resource = dialect.resource(pass.key.namespace(), device.name());
            return List.of(device.slots(), device.nodes(), nodes.offers(resource));
        };
    }

    private ExposureStep.Exposure expose(Pass pass, Configuration known, Map<String, NodeState> allNodes) {
        List<Device> recorded = pass.devices.stream()
                .filter(device -> device.configurationUid().equals(known.uid()))
                .toList();
        ExposureStep.Exposure exposure = exposures.decide(pass.object, recorded, allNodes);
        pass.exposure = exposure;
        for (JsonObject removal : exposure.plan().removals()) {
            try {
                exposures.remove(removal);
            } catch (ApiRefusal e) {
                pass.failure = e;
            }
        }
        exposure.plan().wanted().forEach(object -> apply(pass, new Request(EXPOSURE, ObjectKey.of(object), object)));
        exposure.plan().templates().forEach((device, template) -> {
            JsonObject owner = device.isEmpty() ? pass.object : pass.instances.get(device);
            if (owner != null) {
                apply(pass, new Request(EXPOSURE, ObjectKey.of(template), ownedBy(template, owner)));
            }
        });
        return exposure;
    }

    private Existing existing(ConfigurationKey key) {
        Map<Resource, List<JsonObject>> objects = new HashMap<>();
        Set<Resource> others = cache.extras().stream().filter(cache::isSynced).collect(Collectors.toSet());
        for (Resource resource : Resource.CHILDREN) {
            objects.put(resource, cache.find(resource, key.namespace(), key.name()));
        }
        for (Resource resource : others) {
            objects.put(resource, cache.find(resource, key.namespace(), key.name()));
        }
        return new Existing(objects, others);
    }

    private Map<String, Integer> load() {
        Map<String, Integer> load = new HashMap<>();
        for (JsonObject pod : cache.list(Resource.POD)) {
            if (!BrokerPod.isOver(pod)) {
                load.merge(Json.text(pod, "metadata", "labels", dialect.targetNodeLabel()), 1, Integer::sum);
            }
        }
        return load;
    }

    private void applyInstances(Pass pass, List<JsonObject> instances) {
        List<Request> requests = instances.stream()
                .map(instance -> ownedBy(instance, pass.object))
                .map(owned -> new Request(Json.text(owned, "metadata", "name"), ObjectKey.of(owned), owned))
                .toList();
        List<Attempt> attempts = Together.each(requests, this::attempt);
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            note(pass, request, attempts.get(i))
                    .flatMap(Outcome::findObject)
                    .ifPresent(object -> pass.instances.put(request.device(), object));
        }
    }

    /// Those that others mount are there first.
    private void applyChildren(Pass pass, List<Wanted> all) {
        Map<Boolean, List<Wanted>> byTurn = all.stream()
                .collect(Collectors.partitioningBy(
                        wanted -> wanted.key().resource().equals(Resource.CONFIG_MAP)));
        for (boolean isMounted : new boolean[] {true, false}) {
            List<Request> requests = byTurn.getOrDefault(isMounted, List.of()).stream()
                    .flatMap(wanted -> request(pass, wanted).stream())
                    .toList();
            List<Attempt> attempts = Together.each(requests, this::attempt);
            for (int i = 0; i < requests.size(); i++) {
                Request request = requests.get(i);
                note(pass, request, attempts.get(i)).ifPresent(outcome -> noteBroker(pass, request, outcome));
            }
        }
    }

    /// @return nothing if its Instance was rejected, which the status tells already
    private Optional<Request> request(Pass pass, Wanted wanted) {
        boolean isOfDevice = wanted.owner().resource().equals(dialect.instances());
        String device = isOfDevice ? wanted.owner().name() : "";
        return Optional.ofNullable(isOfDevice ? pass.instances.get(device) : pass.object)
                .map(owner -> new Request(device, wanted.key(), ownedBy(wanted.object(), owner)));
    }

    private void noteBroker(Pass pass, Request request, Outcome outcome) {
        if (!isWorkload(request.key().resource())) {
            return;
        }
        String name = request.key().name();
        outcome.findObject().ifPresent(object -> pass.workloads.put(name, object));
        if (outcome instanceof Outcome.Created) {
            JsonObject owner = pass.instances.getOrDefault(request.device(), pass.object);
            String kind = request.key().resource().kind();
            events.normal(owner, Reason.BROKER_CREATED, "Created broker " + kind + " " + name + ".");
        }
    }

    private void apply(Pass pass, Request request) {
        note(pass, request, attempt(request));
    }

    /// An object that should be.
    ///
    /// @param device for which it is, empty if for all
    private record Request(String device, ObjectKey key, JsonObject object) {}

    /// What became of a request: an outcome, or the API server's trouble.
    private record Attempt(
            @Nullable Outcome outcome, @Nullable ApiRefusal refusal) {}

    private Attempt attempt(Request request) {
        try {
            return new Attempt(applier.apply(request.key(), request.object()), null);
        } catch (ApiRefusal e) {
            return new Attempt(null, e);
        }
    }

    private Optional<Outcome> note(Pass pass, Request request, Attempt attempt) {
        if (attempt.refusal() != null) {
            // A conflict or a server in trouble: the others go on, and this is tried again.
            pass.failure = attempt.refusal();
        }
        Optional<Outcome> outcome = Optional.ofNullable(attempt.outcome());
        outcome.ifPresent(it -> note(pass, request, it));
        return outcome;
    }

    private void note(Pass pass, Request request, Outcome outcome) {
        switch (outcome) {
            case Outcome.Rejected(String message, Instant retryAt) -> {
                pass.rejections
                        .computeIfAbsent(request.device(), _ -> new HashMap<>())
                        .put(request.key().name(), message);
                pass.lookAgainAt(retryAt);
            }
            case Outcome.Changed changed -> {
                if (changed.wasEdited()) {
                    events.normal(
                            pass.object,
                            Reason.EDIT_UNDONE,
                            "Undid an edit of " + request.key() + ": edit the Configuration instead.");
                }
            }
            case Outcome.Created _, Outcome.Unchanged _ -> {}
        }
    }

    private void remove(Pass pass, List<Removal> removals) {
        List<Optional<ApiRefusal>> refusals = Together.each(removals, this::delete);
        for (int i = 0; i < removals.size(); i++) {
            if (refusals.get(i).isPresent()) {
                pass.failure = refusals.get(i).get();
            } else {
                tell(pass, removals.get(i));
            }
        }
    }

    private Optional<ApiRefusal> delete(Removal removal) {
        try {
            applier.delete(removal.key(), removal.uid());
            return Optional.empty();
        } catch (ApiRefusal e) {
            return Optional.of(e);
        }
    }

    private void tell(Pass pass, Removal removal) {
        String what = removal.key().resource().kind() + " " + removal.key().name();
        switch (removal.reason()) {
            case Reason.OFFLINE ->
                events.normal(
                        pass.object,
                        Reason.OFFLINE,
                        "Device " + removal.key().name() + " is offline; removed its Instance.");
            case Reason.WITHDRAWN ->
                events.normal(
                        pass.object,
                        Reason.WITHDRAWN,
                        "Device " + removal.key().name() + " may not be used; removed its Instance.");
            case Reason.BROKER_FAILED ->
                events.warning(pass.object, Reason.BROKER_FAILED, "Broker " + what + " failed; it is made anew.");
            case Reason.TEMPLATE_CHANGED ->
                events.normal(
                        pass.object, Reason.TEMPLATE_CHANGED, "Replacing " + what + ": its template has changed.");
            default ->
                events.normal(pass.object, removal.reason(), "Removed " + what + ", which has no place any more.");
        }
    }

    private void removeIfAbsent(Pass pass, JsonObject instance, Map<String, NodeState> allNodes) {
        try {
            if (absences.isConfirmed(pass.key, instance, allNodes)) {
                remove(pass, List.of(InstancePlanner.removal(instance, Reason.OFFLINE)));
                return;
            }
        } catch (RegistryUnreachable | RegistryProblem e) {
            pass.failure = e;
        }
        pass.retained.add(Json.text(instance, "metadata", "name"));
        pass.lookAgainAt(pass.now.plus(ASK_AGAIN_AFTER));
    }

    private void writeInstanceStatuses(Pass pass, List<Device> devices, WorkloadPlan plan) {
        List<InstanceNews> news = devices.stream()
                .flatMap(device -> instanceNews(pass, device, plan).stream())
                .toList();
        List<Optional<ApiRefusal>> refusals = Together.each(news, this::write);
        refusals.forEach(refusal -> refusal.ifPresent(it -> pass.failure = it));
    }

    /// An Instance's status, and what there is to tell of it once it is written.
    private record InstanceNews(JsonObject instance, JsonObject status, Condition available, boolean isNews) {}

    private Optional<ApiRefusal> write(InstanceNews news) {
        try {
            if (applier.applyStatus(news.instance(), news.status()) && news.isNews()) {
                Condition available = news.available();
                if (available.isTrue()) {
                    events.normal(news.instance(), available.reason(), available.message());
                } else {
                    events.warning(news.instance(), available.reason(), available.message());
                }
            }
            return Optional.empty();
        } catch (ApiRefusal e) {
            return Optional.of(e);
        }
    }

    private Optional<InstanceNews> instanceNews(Pass pass, Device device, WorkloadPlan plan) {
        JsonObject instance = pass.instances.get(device.name());
        if (instance == null) {
            pass.readiness.add(Readiness.of(
                    device.name(), NO_BROKERS, pass.workloads, pass.rejections.getOrDefault(device.name(), Map.of())));
            return Optional.empty();
        }
        WorkloadPlan.DeviceBrokers brokers = plan.brokers().getOrDefault(device.name(), NO_BROKERS);
        Readiness readiness = Readiness.of(
                device.name(), brokers, pass.workloads, pass.rejections.getOrDefault(device.name(), Map.of()));
        pass.readiness.add(
                plan.common().isEmpty()
                        ? readiness
                        : Readiness.of(
                                device.name(),
                                NO_BROKERS,
                                Map.of(),
                                pass.rejections.getOrDefault(device.name(), Map.of())));
        Condition available = InstanceStatus.available(device);
        List<Condition> conditions = new ArrayList<>(List.of(available, readiness.toCondition(hasBroker(pass.object))));
        findExposure(pass).flatMap(exposure -> exposure.findCondition(device)).ifPresent(conditions::add);
        JsonObject status = InstanceStatus.of(instance, device, brokers.names(), conditions, pass.now);
        // That a new one is online, the Event of its broker tells.
        boolean isFirst = Json.at(instance, "status") == null && available.isTrue() && hasBroker(pass.object);
        boolean isNews = Conditions.isChange(available, instance) && !isFirst;
        return Optional.of(new InstanceNews(instance, status, available, isNews));
    }

    private void writeStatus(Pass pass, Verdict verdict) {
        pass.readiness.add(new Readiness(0, 0, List.of()));
        Map<String, String> ofConfiguration = pass.rejections.getOrDefault("", Map.of());
        if (!ofConfiguration.isEmpty()) {
            pass.readiness.add(Readiness.of(pass.key.name(), NO_BROKERS, Map.of(), ofConfiguration));
        }
        Readiness sum = Readiness.sum(pass.readiness);
        List<Condition> conditions = new ArrayList<>(List.of(
                ConfigurationConditions.accepted(verdict),
                ConfigurationConditions.discovering(pass.findKnown(), pass.generation),
                brokersReady(pass, sum)));
        findExposure(pass)
                .flatMap(exposure -> exposure.findCondition(pass.object, exposureRejection(pass)))
                .ifPresent(conditions::add);
        List<Condition> news = conditions.stream()
                .filter(condition -> Conditions.isChange(condition, pass.object))
                .toList();
        conditions.add(Conditions.allOf(ConditionType.READY, conditions));
        JsonObject status = ConfigurationStatuses.of(
                pass.object,
                pass.findKnown(),
                new ConfigurationStatuses.BrokerCounts(sum.desired(), sum.ready()),
                pending(pass.devices),
                conditions,
                pass.now);
        if (writeStatus(pass, pass.object, status)) {
            news.forEach(condition -> tell(pass, condition));
        }
    }

    /// For those who only have kubectl: what nobody has approved yet has no Instance to be seen by.
    private static List<String> pending(List<Device> devices) {
        return devices.stream()
                .filter(device ->
                        device.admission() == Device.Admission.PENDING && device.presence() != Device.Presence.OFFLINE)
                .map(Device::name)
                .sorted()
                .toList();
    }

    private boolean writeStatus(Pass pass, JsonObject object, JsonObject status) {
        try {
            return applier.applyStatus(object, status);
        } catch (ApiRefusal e) {
            pass.failure = e;
            return false;
        }
    }

    private static Optional<ExposureStep.Exposure> findExposure(Pass pass) {
        return Optional.ofNullable(pass.exposure);
    }

    private static Optional<String> exposureRejection(Pass pass) {
        return pass.rejections.getOrDefault(EXPOSURE, Map.of()).entrySet().stream()
                .map(rejection -> rejection.getKey() + ": " + rejection.getValue())
                .sorted()
                .findFirst();
    }

    private static Condition brokersReady(Pass pass, Readiness sum) {
        if (!pass.retained.isEmpty() && sum.troubles().isEmpty()) {
            return Condition.isUnknown(
                    ConditionType.BROKERS_READY,
                    Reason.AWAITING_NODES,
                    "The registry has not heard of all devices yet; their brokers stay as they are.");
        }
        return sum.toCondition(hasBroker(pass.object));
    }

    private void tell(Pass pass, Condition condition) {
        boolean isTrouble = condition.status() == Condition.Status.FALSE;
        if (isTrouble && !NOT_WORTH_AN_EVENT.contains(condition.reason())) {
            events.warning(pass.object, condition.reason(), condition.message());
        } else if (condition.isTrue() && condition.type().equals(ConditionType.DISCOVERING)) {
            events.normal(pass.object, condition.type(), condition.message());
        }
    }

    private static boolean hasBroker(JsonObject configuration) {
        return Json.at(configuration, "spec", "brokerSpec") != null;
    }

    private JsonObject ownedBy(JsonObject object, JsonObject owner) {
        var reference = new JsonObject();
        reference.addProperty("apiVersion", Json.text(owner, "apiVersion"));
        reference.addProperty("kind", Json.text(owner, "kind"));
        reference.addProperty("name", Json.text(owner, "metadata", "name"));
        reference.addProperty("uid", Json.text(owner, "metadata", "uid"));
        reference.addProperty("controller", true);
        if (dialect.blocksOwnerDeletion(object)) {
            reference.addProperty("blockOwnerDeletion", true);
        }
        var references = new JsonArray();
        references.add(reference);
        JsonObject owned = object.deepCopy();
        Json.child(owned, "metadata").add("ownerReferences", references);
        return owned;
    }

    private static Duration positive(Duration duration) {
        return duration.isPositive() ? duration : Duration.ofMillis(1);
    }
}
