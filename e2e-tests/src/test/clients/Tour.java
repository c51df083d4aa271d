import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.ApiResponse;
import org.openapitools.client.api.AgentsApi;
import org.openapitools.client.api.ConfigurationsApi;
import org.openapitools.client.api.DevicesApi;
import org.openapitools.client.api.HandlersApi;
import org.openapitools.client.api.InboxApi;
import org.openapitools.client.api.MeApi;
import org.openapitools.client.api.NodesApi;
import org.openapitools.client.model.AdmissionRule;
import org.openapitools.client.model.AdmissionWrite;
import org.openapitools.client.model.ClaimRequest;
import org.openapitools.client.model.ClusterFacts;
import org.openapitools.client.model.ConfigurationKey;
import org.openapitools.client.model.ConfigurationRead;
import org.openapitools.client.model.ConfigurationSpec;
import org.openapitools.client.model.ConfigurationWrite;
import org.openapitools.client.model.Device;
import org.openapitools.client.model.DeviceEvent;
import org.openapitools.client.model.DeviceExplanation;
import org.openapitools.client.model.DeviceFacets;
import org.openapitools.client.model.DeviceRef;
import org.openapitools.client.model.DeviceSlots;
import org.openapitools.client.model.DiscoveryHandlerSpec;
import org.openapitools.client.model.DiscoveryProperty;
import org.openapitools.client.model.Handler;
import org.openapitools.client.model.HandlerReport;
import org.openapitools.client.model.InboxDecisions;
import org.openapitools.client.model.InboxResults;
import org.openapitools.client.model.Item;
import org.openapitools.client.model.Lease;
import org.openapitools.client.model.LeaseRequest;
import org.openapitools.client.model.ListPageConfiguration;
import org.openapitools.client.model.ListPageDevice;
import org.openapitools.client.model.Me;
import org.openapitools.client.model.NewConfiguration;
import org.openapitools.client.model.Node;
import org.openapitools.client.model.NodeFacts;
import org.openapitools.client.model.Observation;
import org.openapitools.client.model.ObservedDevice;
import org.openapitools.client.model.OfferedHandler;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.PropertyMatch;
import org.openapitools.client.model.ReportedHandler;
import org.openapitools.client.model.RulesTrial;
import org.openapitools.client.model.RulesTrialRequest;
import org.openapitools.client.model.Slot;
import org.openapitools.client.model.Use;
import org.openapitools.client.model.UsageReport;
import org.openapitools.jackson.nullable.JsonNullable;

/// What people, and a node, do with the registry, by a client that was made from its API document.
public final class Tour {

    private static final String GROUP = "petiole.dev";
    private static final String NAMESPACE = "java-tour";
    private static final String NAME = "echo";
    private static final String NODE = "java-node";
    private static final String HANDLER = "debugEcho";

    private final ApiClient client;
    private final ConfigurationsApi configurations;
    private final DevicesApi devices;
    private final InboxApi inbox;
    private final AgentsApi agents;
    private final NodesApi nodes;

    private Tour(ApiClient client) {
        this.client = client;
        configurations = new ConfigurationsApi(client);
        devices = new DevicesApi(client);
        inbox = new InboxApi(client);
        agents = new AgentsApi(client);
        nodes = new NodesApi(client);
    }

    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        new Tour(client).run();
    }

    private void run() throws Exception {
        step("me", this::whoAmI);
        step("configurations", this::createChangeAndRead);
        step("node", this::nodeReports);
        step("devices", this::findDevices);
        step("inbox", this::decide);
        step("slots", this::claim);
        step("explain and history", this::askWhy);
        step("handlers and nodes", this::readTheEdge);
        step("removal", this::remove);
    }

    private void whoAmI() throws ApiException {
        Me me = new MeApi(client).getMe(null);

        equal(Me.KindEnum.ANONYMOUS, me.getKind());
        isTrue(
                me.getMay().stream()
                        .anyMatch(permission -> "configurations".equals(permission.getResource())
                                && permission.getVerbs().contains("create")),
                me);
    }

    private void createChangeAndRead() throws Exception {
        ApiResponse<ConfigurationRead> created =
                configurations.createConfigurationWithHttpInfo(new NewConfiguration().key(key(NAME)).spec(spec()));
        equal(201, created.getStatusCode());
        String first = tag(created);
        equal("PT10S", created.getData().getSpec().getGracePeriod());
        equal(1, created.getData().getSpec().getCapacity());

        Problem exists = refused(
                409,
                () -> configurations.createConfiguration(
                        new NewConfiguration().key(key(NAME)).spec(spec().capacity(3))));
        isTrue(exists.getType().toString().endsWith("/already-exists"), exists);

        equal(304, failure(() -> configurations.getConfiguration(GROUP, NAMESPACE, NAME, first)).getCode());

        Problem untold = refused(428, () -> patch(Map.of("spec", Map.of("capacity", 2)), null));
        isTrue(untold.getType().toString().endsWith("/precondition-required"), untold);
        ApiResponse<ConfigurationRead> patched =
                patch(Map.of("spec", Map.of("capacity", 2), "labels", Map.of("zone", "yard")), first);
        equal(2, patched.getData().getSpec().getCapacity());
        equal(Map.of("zone", "yard"), patched.getData().getLabels());
        equal("java", patched.getData().getSpec().getDiscoveryHandler().getDiscoveryProperties().get(0).getValue());
        Problem stale = refused(412, () -> patch(Map.of("spec", Map.of("capacity", 3)), first));
        isTrue(stale.getType().toString().endsWith("/precondition-failed"), stale);
        // The client's mapper leaves nulls out, but not this one.
        ApiResponse<ConfigurationRead> back =
                patch(Map.of("spec", Map.of("capacity", JsonNullable.of(null))), tag(patched));
        equal(1, back.getData().getSpec().getCapacity());

        // What was read can be sent back whole.
        ConfigurationSpec read = back.getData().getSpec();
        ConfigurationWrite write =
                new ConfigurationWrite().labels(back.getData().getLabels()).spec(read.gracePeriod("PT20S"));
        ConfigurationRead replaced = configurations.putConfiguration(GROUP, NAMESPACE, NAME, write, tag(back));
        equal("PT20S", replaced.getSpec().getGracePeriod());
        equal(List.of(), replaced.getSpec().getAdmissionRules());

        Problem invalid = refused(
                400,
                () -> configurations.putConfiguration(
                        GROUP, NAMESPACE, "other", new ConfigurationWrite().spec(spec().capacity(0)), null));
        equal("spec.capacity", invalid.getErrors().get(0).getField());

        configurations.putConfiguration(GROUP, NAMESPACE, "other", new ConfigurationWrite().spec(spec()), null);
        ListPageConfiguration page = configurations(1, null);
        equal(List.of(NAME), names(page));
        equal(List.of("other"), names(configurations(1, page.getNextCursor())));
    }

    private void nodeReports() throws ApiException {
        nodes.putCluster(new ClusterFacts()
                .clusterUid("tour")
                .nodes(Map.of(NODE, new NodeFacts()
                        .uid("java")
                        .bootId("java")
                        .ready(true)
                        .outOfService(false)
                        .offersDevices(true)
                        .labels(Map.of()))));
        OfferedHandler offered = new OfferedHandler().name(HANDLER).shared(true);
        Lease lease = agents.renewLease(NODE, new LeaseRequest().handlers(List.of(offered)));
        session = lease.getSession();
        isTrue(session != null && lease.getRenewEvery().startsWith("PT"), lease);
        agents.reportHandlers(
                NODE,
                new HandlerReport()
                        .session(session)
                        .sequence(1L)
                        .handlers(List.of(new ReportedHandler()
                                .name(HANDLER)
                                .kind(ReportedHandler.KindEnum.BUILT_IN)
                                .state(ReportedHandler.StateEnum.READY)
                                .shared(true)
                                .endpoints(List.of())
                                .detailsSchema(Map.of("type", "object")))));
        ConfigurationRead configuration = configurations.getConfiguration(GROUP, NAMESPACE, NAME, null);
        agents.observe(
                NODE,
                new Observation()
                        .session(session)
                        .sequence(1L)
                        ._configuration(configuration.getKey())
                        .configurationUid(configuration.getUid())
                        .generation(configuration.getGeneration())
                        .handler(HANDLER)
                        .shared(true)
                        .state(Observation.StateEnum.RUNNING)
                        .devices(List.of(device("a"), device("b"), device("c"))));
    }

    private String session;

    private void findDevices() throws ApiException {
        equal(3, devices(null, "presence=Online", null, null, null).getItems().size());
        equal(0, devices(null, "presence=Offline", null, null, null).getItems().size());

        ListPageDevice found = devices("vendor-B", null, "name,properties", null, null);
        equal(1, found.getItems().size());
        Device b = found.getItems().get(0);
        equal("vendor-b", b.getProperties().get("VENDOR"));
        equal(null, b.getPresence()); // It was not asked for.

        List<String> names = new ArrayList<>();
        String cursor = null;
        do {
            ListPageDevice page = devices(null, null, null, 2, cursor);
            page.getItems().forEach(device -> names.add(device.getName()));
            cursor = page.getNextCursor();
        } while (cursor != null);
        equal(3, names.size());
        equal(new ArrayList<>(new TreeSet<>(names)).reversed(), names);

        DeviceFacets facets = devices.countDevices(
                List.of("admission", "label:zone"),
                null, NAMESPACE, null, null, null, null, null, List.of("zone=yard"), null, null, null);
        equal(3, facets.getTotal());
        equal("Pending", facets.getFacets().get("admission").get(0).getValue());

        Problem unknown = refused(400, () -> devices(null, null, null, null, "nonsense"));
        equal("cursor", unknown.getErrors().get(0).getField());
    }

    private void decide() throws Exception {
        List<Device> pending = devices(null, "admission=Pending", null, null, null).getItems();
        equal(3, pending.size());
        Device one = pending.get(0);
        AdmissionWrite approval = new AdmissionWrite()
                .admission(AdmissionWrite.AdmissionEnum.APPROVED)
                .why("on the packing table");
        refused(428, () -> inbox.decideDevice(GROUP, NAMESPACE, one.getName(), approval, null));
        String tag = tag(devices.getDeviceWithHttpInfo(GROUP, NAMESPACE, one.getName(), null));
        Device approved = inbox.decideDevice(GROUP, NAMESPACE, one.getName(), approval, tag);
        equal(Device.AdmissionEnum.APPROVED, approved.getAdmission());
        equal("on the packing table", approved.getDecision().getWhy());
        name = approved.getName();

        RulesTrial trial = inbox.tryAdmissionRules(new RulesTrialRequest()
                ._configuration(key(NAME))
                .rules(List.of(new AdmissionRule()
                        .name("known")
                        .match(List.of(new PropertyMatch()
                                .property("VENDOR")
                                .operator(PropertyMatch.OperatorEnum.EXISTS))))));
        equal(3, trial.getApproved());

        InboxDecisions many = new InboxDecisions()
                .admission(InboxDecisions.AdmissionEnum.IGNORED)
                .devices(List.of(
                        new Item().group(GROUP).namespace(NAMESPACE).name(pending.get(1).getName())
                                .resourceVersion(pending.get(1).getResourceVersion()),
                        new Item().group(GROUP).namespace(NAMESPACE).name("echo-aaaaaaaaaa")));
        InboxResults results = inbox.decideDevices(many, false);
        equal(List.of(200, 404), results.getResults().stream().map(result -> result.getStatus()).toList());
        equal(1, devices(null, "admission=Ignored", null, null, null).getItems().size());
    }

    private String name;

    private void claim() throws ApiException {
        DeviceRef device = new DeviceRef().group(GROUP).namespace(NAMESPACE).name(name);
        String id = name + ".0";
        String resource = NAMESPACE + ".petiole.dev/echo";
        ClaimRequest request = new ClaimRequest()
                .session(session)
                .device(device)
                .resource(resource)
                .kubeletDeviceId(id)
                .usageSequence(0L);
        Slot slot = agents.claim(NODE, request);
        equal(0, slot.getIndex());
        equal(slot, agents.claim(NODE, request)); // An answer that was lost is given again.
        agents.reportUsage(
                NODE,
                new UsageReport()
                        .session(session)
                        .sequence(1L)
                        .uses(List.of(new Use()
                                .device(device)
                                .resource(resource)
                                .kubeletDeviceId(id)
                                .namespace(NAMESPACE)
                                .pod("reader")
                                .container("main"))));
        DeviceSlots slots = devices.getDeviceSlots(GROUP, NAMESPACE, name, null);
        equal(0, slots.getFree());
        equal("reader", slots.getHeld().get(0).getPod());
        Problem full = refused(409, () -> agents.claim(
                NODE,
                new ClaimRequest()
                        .session(session)
                        .device(device)
                        .resource(resource)
                        .kubeletDeviceId(name + ".1")
                        .usageSequence(1L)));
        isTrue(full.getType().toString().endsWith("/no-free-slot"), full);
    }

    private void askWhy() throws ApiException {
        DeviceExplanation explanation = devices.explainDevice(GROUP, NAMESPACE, name, null);
        isTrue(explanation.getSummary().contains(NODE), explanation);
        List<DeviceEvent> events = devices.getDeviceHistory(GROUP, NAMESPACE, name, 10, null, null).getItems();
        Set<String> types =
                events.stream().map(event -> event.getType().getValue()).collect(Collectors.toCollection(TreeSet::new));
        equal(Set.of("Online", "Pending", "Approved", "Claimed"), types);
        isTrue(!events.get(events.size() - 1).getAt().isAfter(events.get(0).getAt()), events);
    }

    private void readTheEdge() throws ApiException {
        var handlers = new HandlersApi(client);
        Handler handler = handlers.getHandler(NODE, HANDLER, null);
        equal(Handler.StateEnum.READY, handler.getState());
        equal(List.of(handler), handlers.listHandlers(HANDLER, NODE, null, null, null, null).getItems());
        Node node = nodes.getNode(NODE, null);
        equal(Node.LeaseEnum.ACTIVE, node.getLease());
        equal(
                List.of(NODE),
                nodes.listNodes(List.of("Active"), HANDLER, null, NODE, "name", 10, null, null, null).getItems().stream()
                        .map(Node::getName)
                        .toList());
    }

    private void remove() throws Exception {
        refused(428, () -> configurations.deleteConfiguration(GROUP, NAMESPACE, NAME, null, null));
        for (String each : List.of(NAME, "other")) {
            String tag = tag(configurations.getConfigurationWithHttpInfo(GROUP, NAMESPACE, each, null));
            configurations.deleteConfiguration(GROUP, NAMESPACE, each, null, tag);
        }
        Problem gone = refused(404, () -> configurations.getConfiguration(GROUP, NAMESPACE, NAME, null));
        isTrue(gone.getType().toString().endsWith("/not-found"), gone);
        isTrue(gone.getDetail().contains(NAME), gone);
        equal(List.of(), configurations(10, null).getItems());
    }

    private static ConfigurationKey key(String name) {
        return new ConfigurationKey().group(GROUP).namespace(NAMESPACE).name(name);
    }

    private static ConfigurationSpec spec() {
        return new ConfigurationSpec()
                .discoveryHandler(new DiscoveryHandlerSpec()
                        .name(HANDLER)
                        .discoveryDetails("descriptions: [a, b, c]")
                        .discoveryProperties(List.of(new DiscoveryProperty().name("TOUR").value("java"))))
                .admission(ConfigurationSpec.AdmissionEnum.MANUAL);
    }

    private static ObservedDevice device(String identity) {
        return new ObservedDevice().identity(identity).properties(Map.of("VENDOR", "vendor-" + identity));
    }

    private ApiResponse<ConfigurationRead> patch(Map<String, Object> patch, String tag) throws ApiException {
        return configurations.patchConfigurationWithHttpInfo(GROUP, NAMESPACE, NAME, patch, tag);
    }

    private ListPageConfiguration configurations(int limit, String cursor) throws ApiException {
        return configurations.listConfigurations(
                null, NAMESPACE, null, null, "Registry", null, null, null, limit, cursor, null, null);
    }

    private static List<String> names(ListPageConfiguration page) {
        return page.getItems().stream().map(item -> item.getKey().getName()).toList();
    }

    /// @param state such as `presence=Online`
    private ListPageDevice devices(String text, String state, String fields, Integer limit, String cursor)
            throws ApiException {
        return devices.listDevices(
                "-name",
                GROUP,
                NAMESPACE,
                NAME,
                HANDLER,
                NODE,
                state != null && state.startsWith("presence=") ? List.of(state.substring(9)) : null,
                state != null && state.startsWith("admission=") ? List.of(state.substring(10)) : null,
                List.of("zone=yard"),
                List.of("VENDOR"),
                text,
                fields,
                limit,
                cursor,
                null,
                null);
    }

    private static String tag(ApiResponse<?> response) {
        return response.getHeaders().get("etag").get(0);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void step(String what, Step step) throws Exception {
        step.run();
        System.out.println("done: " + what);
    }

    private Problem refused(int status, Step step) {
        ApiException failure = failure(step);
        equal(status, failure.getCode());
        equal("application/problem+json", failure.getResponseHeaders().firstValue("Content-Type").orElse(null));
        try {
            Problem problem = client.getObjectMapper().readValue(failure.getResponseBody(), Problem.class);
            equal(status, problem.getStatus());
            return problem;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(failure.getResponseBody(), e);
        }
    }

    private static ApiException failure(Step step) {
        try {
            step.run();
        } catch (ApiException e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was not refused");
    }

    private static void equal(Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError("expected " + expected + ", but it is " + actual);
        }
    }

    private static void isTrue(boolean condition, Object told) {
        if (!condition) {
            throw new AssertionError(String.valueOf(told));
        }
    }
}
