"""What people, and a node, do with the registry, by a client that was made from its API document."""

import sys

import openapi_client as petiole

GROUP = "petiole.dev"
NAMESPACE = "python-tour"
NAME = "echo"
NODE = "python-node"
HANDLER = "debugEcho"
HERE = (GROUP, NAMESPACE, NAME)


def main(host):
    with petiole.ApiClient(petiole.Configuration(host=host)) as client:
        me = petiole.MeApi(client).get_me()
        assert me.kind == "Anonymous", me
        assert any(may.resource == "configurations" and "create" in may.verbs for may in me.may), me
        done("me")

        create_change_and_read(petiole.ConfigurationsApi(client))
        done("configurations")
        session = node_reports(client)
        done("node")
        find_devices(petiole.DevicesApi(client))
        done("devices")
        name = decide(client)
        done("inbox")
        claim(client, session, name)
        done("slots")
        ask_why(petiole.DevicesApi(client), name)
        done("explain and history")
        read_the_edge(client)
        done("handlers and nodes")
        remove(petiole.ConfigurationsApi(client))
        done("removal")


def create_change_and_read(api):
    created = api.create_configuration_with_http_info(petiole.NewConfiguration(key=key(NAME), spec=spec()))
    assert created.status_code == 201
    first = created.headers["ETag"]
    assert isinstance(created.data, petiole.ConfigurationRead)
    assert created.data.spec.grace_period == "PT10S"
    assert created.data.spec.capacity == 1

    exists = refused(409, api.create_configuration, petiole.NewConfiguration(key=key(NAME), spec=spec(capacity=3)))
    assert exists.type.endswith("/already-exists"), exists
    assert failure(api.get_configuration, *HERE, if_none_match=first).status == 304

    untold = refused(428, api.patch_configuration, *HERE, {"spec": {"capacity": 2}})
    assert untold.type.endswith("/precondition-required"), untold
    patch = {"spec": {"capacity": 2}, "labels": {"zone": "yard"}}
    patched = api.patch_configuration_with_http_info(*HERE, patch, if_match=first)
    assert patched.data.spec.capacity == 2
    assert patched.data.labels == {"zone": "yard"}
    assert patched.data.spec.discovery_handler.discovery_properties[0].value == "python"
    stale = refused(412, api.patch_configuration, *HERE, {"spec": {"capacity": 3}}, if_match=first)
    assert stale.type.endswith("/precondition-failed"), stale
    back = api.patch_configuration_with_http_info(*HERE, {"spec": {"capacity": None}}, if_match=patched.headers["ETag"])
    assert back.data.spec.capacity == 1

    # What was read can be sent back whole.
    read = back.data.spec
    read.grace_period = "PT20S"
    write = petiole.ConfigurationWrite(labels=back.data.labels, spec=read)
    replaced = api.put_configuration(*HERE, write, if_match=back.headers["ETag"])
    assert replaced.spec.grace_period == "PT20S"
    assert replaced.spec.admission_rules == []

    bad = petiole.ConfigurationWrite(spec=spec(discovery_handler=petiole.DiscoveryHandlerSpec(name="")))
    invalid = refused(400, api.put_configuration, GROUP, NAMESPACE, "other", bad)
    assert invalid.errors[0].var_field == "spec.discoveryHandler.name", invalid

    api.put_configuration(GROUP, NAMESPACE, "other", petiole.ConfigurationWrite(spec=spec()))
    page = api.list_configurations(namespace=NAMESPACE, managed_by="Registry", limit=1)
    assert [item.key.name for item in page.items] == [NAME]
    rest = api.list_configurations(namespace=NAMESPACE, managed_by="Registry", limit=1, cursor=page.next_cursor)
    assert [item.key.name for item in rest.items] == ["other"]


def node_reports(client):
    facts = petiole.NodeFacts(
        uid="python", boot_id="python", ready=True, out_of_service=False, offers_devices=True, labels={}
    )
    petiole.NodesApi(client).put_cluster(petiole.ClusterFacts(cluster_uid="tour", nodes={NODE: facts}))
    agents = petiole.AgentsApi(client)
    offered = petiole.OfferedHandler(name=HANDLER, shared=True)
    lease = agents.renew_lease(NODE, petiole.LeaseRequest(handlers=[offered]))
    assert lease.session and lease.renew_every.startswith("PT"), lease
    handler = petiole.ReportedHandler(
        name=HANDLER, kind="BuiltIn", state="Ready", shared=True, endpoints=[], details_schema={"type": "object"}
    )
    agents.report_handlers(NODE, petiole.HandlerReport(session=lease.session, sequence=1, handlers=[handler]))
    configuration = petiole.ConfigurationsApi(client).get_configuration(*HERE)
    agents.observe(
        NODE,
        petiole.Observation(
            session=lease.session,
            sequence=1,
            configuration=configuration.key,
            configuration_uid=configuration.uid,
            generation=configuration.generation,
            handler=HANDLER,
            shared=True,
            state="Running",
            devices=[
                petiole.ObservedDevice(identity=identity, properties={"VENDOR": f"vendor-{identity}"})
                for identity in "abc"
            ],
        ),
    )
    return lease.session


def find_devices(api):
    assert len(devices(api, presence=["Online"]).items) == 3
    assert devices(api, presence=["Offline"]).items == []

    [b] = devices(api, q="vendor-B", fields="name,properties").items
    assert b.properties == {"VENDOR": "vendor-b"}
    assert b.presence is None  # It was not asked for.

    names = []
    cursor = None
    while True:
        page = devices(api, limit=2, cursor=cursor)
        names += [device.name for device in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(names) == 3 and names == sorted(names, reverse=True), names

    facets = api.count_devices(by=["admission", "label:zone"], namespace=NAMESPACE, label=["zone=yard"])
    assert facets.total == 3
    assert facets.facets["admission"][0].value == "Pending"

    unknown = refused(400, devices, api, cursor="nonsense")
    assert unknown.errors[0].var_field == "cursor", unknown


def devices(api, **more):
    return api.list_devices(
        sort="-name",
        group=GROUP,
        namespace=NAMESPACE,
        configuration=NAME,
        handler=HANDLER,
        node=NODE,
        label=["zone=yard"],
        var_property=["VENDOR"],
        **more,
    )


def decide(client):
    api = petiole.DevicesApi(client)
    inbox = petiole.InboxApi(client)
    pending = devices(api, admission=["Pending"]).items
    assert len(pending) == 3
    one = (GROUP, NAMESPACE, pending[0].name)
    approval = petiole.AdmissionWrite(admission="Approved", why="on the packing table")
    refused(428, inbox.decide_device, *one, approval)
    tag = api.get_device_with_http_info(*one).headers["ETag"]
    approved = inbox.decide_device(*one, approval, if_match=tag)
    assert approved.admission == "Approved"
    assert approved.decision.why == "on the packing table"

    rule = petiole.AdmissionRule(name="known", match=[petiole.PropertyMatch(property="VENDOR", operator="Exists")])
    trial = inbox.try_admission_rules(petiole.RulesTrialRequest(configuration=key(NAME), rules=[rule]))
    assert trial.approved == 3, trial

    many = petiole.InboxDecisions(
        admission="Ignored",
        devices=[
            petiole.Item(
                group=GROUP,
                namespace=NAMESPACE,
                name=pending[1].name,
                resource_version=pending[1].resource_version,
            ),
            petiole.Item(group=GROUP, namespace=NAMESPACE, name="echo-aaaaaaaaaa"),
        ],
    )
    results = inbox.decide_devices(many).results
    assert [result.status for result in results] == [200, 404], results
    assert len(devices(api, admission=["Ignored"]).items) == 1
    return approved.name


def claim(client, session, name):
    agents = petiole.AgentsApi(client)
    device = petiole.DeviceRef(group=GROUP, namespace=NAMESPACE, name=name)
    what = {"device": device, "resource": f"{NAMESPACE}.petiole.dev/echo"}
    request = petiole.ClaimRequest(session=session, kubelet_device_id=f"{name}.0", usage_sequence=0, **what)
    slot = agents.claim(NODE, request)
    assert slot.index == 0
    assert agents.claim(NODE, request) == slot  # An answer that was lost is given again.
    use = petiole.Use(kubelet_device_id=f"{name}.0", namespace=NAMESPACE, pod="reader", container="main", **what)
    agents.report_usage(NODE, petiole.UsageReport(session=session, sequence=1, uses=[use]))
    slots = petiole.DevicesApi(client).get_device_slots(GROUP, NAMESPACE, name)
    assert slots.free == 0
    assert slots.held[0].pod == "reader"
    another = petiole.ClaimRequest(session=session, kubelet_device_id=f"{name}.1", usage_sequence=1, **what)
    full = refused(409, agents.claim, NODE, another)
    assert full.type.endswith("/no-free-slot"), full


def ask_why(api, name):
    assert NODE in api.explain_device(GROUP, NAMESPACE, name).summary
    events = api.get_device_history(GROUP, NAMESPACE, name, limit=10).items
    assert {event.type for event in events} == {"Online", "Pending", "Approved", "Claimed"}, events
    assert events[-1].at <= events[0].at


def read_the_edge(client):
    handlers = petiole.HandlersApi(client)
    handler = handlers.get_handler(NODE, HANDLER)
    assert handler.state == "Ready"
    assert handlers.list_handlers(name=HANDLER, node=NODE).items == [handler]
    nodes = petiole.NodesApi(client)
    assert nodes.get_node(NODE).lease == "Active"
    found = nodes.list_nodes(lease=["Active"], handler=HANDLER, q=NODE, fields="name").items
    assert [node.name for node in found] == [NODE]


def remove(api):
    refused(428, api.delete_configuration, *HERE)
    for name in (NAME, "other"):
        tag = api.get_configuration_with_http_info(GROUP, NAMESPACE, name).headers["ETag"]
        api.delete_configuration(GROUP, NAMESPACE, name, if_match=tag)
    gone = refused(404, api.get_configuration, *HERE)
    assert gone.type.endswith("/not-found"), gone
    assert NAME in gone.detail, gone
    assert api.list_configurations(namespace=NAMESPACE).items == []


def key(name):
    return petiole.ConfigurationKey(group=GROUP, namespace=NAMESPACE, name=name)


def spec(**more):
    handler = petiole.DiscoveryHandlerSpec(
        name=HANDLER,
        discovery_details="descriptions: [a, b, c]",
        discovery_properties=[petiole.DiscoveryProperty(name="TOUR", value="python")],
    )
    return petiole.ConfigurationSpec(**{"discovery_handler": handler, "admission": "Manual", **more})


def refused(status, call, *arguments, **more):
    problem = failure(call, *arguments, **more)
    assert problem.status == status, problem
    assert problem.headers["Content-Type"] == "application/problem+json", problem
    assert isinstance(problem.data, petiole.Problem), problem
    assert problem.data.status == status, problem
    return problem.data


def failure(call, *arguments, **more):
    try:
        call(*arguments, **more)
    except petiole.ApiException as refusal:
        return refusal
    raise AssertionError("it was not refused")


def done(what):
    print("done:", what, flush=True)


main(sys.argv[1])
