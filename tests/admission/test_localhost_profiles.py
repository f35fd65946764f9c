"""Profiles of the node as reviews meet them, in pods, their ephemeral containers and what makes pods."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given

from tests.admission.cases import World, body_of, labels, request_of, settings_in
from tests.nodes.reporting import file, report
from tests.policy.excepting import TODAY, exceptions_of
from tests.strategies.reviews import Case, cases
from webhook.admission import Answer, review
from webhook.config import DEFAULTS, Settings
from webhook.nodes.inventory import NOTHING, Inventory, Snapshot
from webhook.nodes.localhost_profiles import LABEL, LocalhostProfiles, Mode, NamespaceMode
from webhook.nodes.node import Node
from webhook.policy.exemptions import Exemptions
from webhook.policy.patterns import Name

MISSING = (
    'container "app" must not use seccomp profile "carts.json": '
    "it is missing on node a; did you mean cart.json?"
)


@dataclass
class WorldWithNodes(World):
    """A cluster that also has nodes."""

    nodes: Snapshot = NOTHING

    def inventory(self) -> Snapshot:
        return self.nodes


def one_node() -> Snapshot:
    inventory = Inventory()
    inventory.put_node(Node("a"))
    inventory.put_report(report("a", "cart.json", file("none.json", profile_class="none")))
    return inventory.snapshot()


def localhost(path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a container
    profile = {"type": "Localhost", "localhostProfile": path}
    return {"name": "app", "image": "app:1", "securityContext": {"seccompProfile": profile}, **more}


def pod(*containers: dict[str, Any], **spec: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a pod
    return {"spec": {"containers": list(containers), **spec}}


def settings(mode: Mode = Mode.ENFORCE, **changes: Any) -> Settings:  # noqa: ANN401 - any setting
    return DEFAULTS._replace(localhost_profiles=LocalhostProfiles(mode), **changes)


def answer_to(
    asked: Settings,
    *,
    policy: Mapping[str, str] | None = None,
    nodes: Snapshot | None = None,
    audit_only: bool = False,
    **request: Any,  # noqa: ANN401 - any part of a request
) -> Answer:
    world = WorldWithNodes(labels(policy or {}), nodes=one_node() if nodes is None else nodes)
    body = body_of(request_of({"object": pod(localhost("carts.json")), **request}))
    return review(
        body, settings=asked, cluster=world, clock=lambda: 0.0, today=lambda: TODAY, audit_only=audit_only
    )


def response_of(answer: Answer) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(answer.body)["response"]
    return response


def test_a_pod_is_refused_in_our_words() -> None:
    answer = answer_to(settings())

    response = response_of(answer)
    assert response["status"] == {
        "status": "Failure",
        "message": f'pods "cart" is forbidden: violates LocalhostProfiles: {MISSING}',
        "reason": "Forbidden",
        "code": 403,
        "details": {"name": "cart", "kind": "pods"},
    }
    assert response["auditAnnotations"] == {
        "enforce-policy": "privileged:latest",
        "localhost-profiles": f"violates LocalhostProfiles: {MISSING}",
    }
    assert answer.decision.controls == ("localhostProfilePresence",)
    assert answer.decision.localhost_profiles == (("localhostProfilePresence", "deny"),)


def test_our_words_come_after_those_of_the_built_in_plugin() -> None:
    bad = pod(localhost("carts.json"), hostPID=True)
    alone = response_of(answer_to(DEFAULTS, policy={"enforce": "baseline"}, object=bad))
    both = response_of(answer_to(settings(), policy={"enforce": "baseline"}, object=bad))

    assert both["status"]["message"] == f"{alone['status']['message']}; violates LocalhostProfiles: {MISSING}"
    assert both["status"]["details"] == alone["status"]["details"]
    assert both["auditAnnotations"].pop("localhost-profiles")
    assert both["auditAnnotations"] == alone["auditAnnotations"]


def test_where_it_only_warns_the_pod_is_let_in_and_its_author_told() -> None:
    answer = answer_to(settings(Mode.WARN), policy={"warn": "baseline"})

    response = response_of(answer)
    assert response["allowed"]
    assert response["warnings"] == [f"would violate LocalhostProfiles: {MISSING}"]
    assert response["auditAnnotations"]["localhost-profiles"] == f"would violate LocalhostProfiles: {MISSING}"
    assert answer.decision.localhost_profiles == (("localhostProfilePresence", "warn"),)


def test_a_pod_that_is_refused_anyway_hears_of_it_by_the_audit_log_alone() -> None:
    bad = pod(localhost("carts.json"), hostPID=True)
    alone = response_of(answer_to(DEFAULTS, policy={"enforce": "baseline"}, object=bad))
    both = response_of(answer_to(settings(Mode.WARN), policy={"enforce": "baseline"}, object=bad))

    assert both["auditAnnotations"].pop("localhost-profiles")
    assert both == alone


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        (DEFAULTS, {}),
        (DEFAULTS, {LABEL: "enforce"}),
        (settings(), {LABEL: "off"}),
        (
            DEFAULTS._replace(
                localhost_profiles=LocalhostProfiles(
                    Mode.ENFORCE, namespaces=(NamespaceMode((Name("shop"),), Mode.OFF),)
                )
            ),
            {LABEL: "enforce"},
        ),
    ],
)
def test_where_it_is_off_nothing_is_said_and_no_node_is_asked_for(
    asked: Settings, label: dict[str, str]
) -> None:
    request = {"object": pod(localhost("carts.json"))}
    answer = review(body_of(request_of(request)), settings=asked, cluster=World(label), clock=lambda: 0.0)

    assert answer == review(
        body_of(request_of(request)), settings=DEFAULTS, cluster=World({}), clock=lambda: 0.0
    )


def test_what_is_not_known_refuses_nobody() -> None:
    answer = answer_to(settings(), nodes=NOTHING)

    response = response_of(answer)
    doubt = 'seccomp profile "carts.json" was not looked for: the nodes are not known yet'
    assert response["allowed"]
    assert response["warnings"] == [doubt]
    assert response["auditAnnotations"]["localhost-profiles"] == doubt
    assert answer.decision.localhost_profiles == (("unknown", "unknown"),)
    assert answer.decision.controls == ()


@pytest.mark.parametrize(
    ("level", "path", "allowed"),
    [("privileged", "none.json", True), ("baseline", "none.json", False), ("restricted", "cart.json", True)],
)
def test_the_level_that_is_enforced_says_how_weak_a_profile_may_be(
    level: str, path: str, *, allowed: bool
) -> None:
    container = localhost(path)
    container["securityContext"] |= {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    answer = answer_to(settings(), policy={"enforce": level, "warn": "restricted"}, object=pod(container))

    assert answer.decision.allowed is allowed


@pytest.mark.parametrize(
    "exemptions",
    [
        Exemptions(usernames=frozenset({"alice"})),
        Exemptions(namespaces=frozenset({"shop"})),
        Exemptions(runtime_classes=frozenset({"kata"})),
    ],
)
def test_who_is_exempt_is_not_asked(exemptions: Exemptions) -> None:
    spec = pod(localhost("carts.json"), runtimeClassName="kata")
    answer = answer_to(settings(exemptions=exemptions), policy={"enforce": "baseline"}, object=spec)

    assert answer.decision.exempt
    assert "localhost-profiles" not in response_of(answer)["auditAnnotations"]


EXCEPTION = {
    "match": {"namespaces": ["shop"], "containers": ["app"]},
    "allow": [{"control": "localhostProfilePresence", "values": ["carts.json"]}],
}


def test_an_exception_lets_one_profile_pass_and_is_told() -> None:
    answer = answer_to(settings(exceptions=exceptions_of(EXCEPTION)))

    response = response_of(answer)
    assert response["allowed"]
    assert "warnings" not in response
    assert response["auditAnnotations"] == {
        "enforce-policy": "privileged:latest",
        "exception": "clock (localhostProfilePresence)",
    }
    assert answer.decision.exceptions == ("clock",)
    assert answer.decision.localhost_profiles == ()


def test_an_exception_lets_no_other_container_and_no_other_profile_pass() -> None:
    asked = settings(exceptions=exceptions_of(EXCEPTION))
    others = pod(localhost("carts.json"), localhost("carts.json", name="b"), localhost("tea.json"))
    message = response_of(answer_to(asked, object=others))["status"]["message"]

    assert 'container "b" must not use seccomp profile "carts.json"' in message
    assert 'container "app" must not use seccomp profile "tea.json"' in message
    assert '"app", "b"' not in message


def test_exceptions_from_the_standard_and_from_ours_are_told_together() -> None:
    allow = [{"control": "hostNamespaces"}, {"control": "localhostProfilePresence"}]
    answer = answer_to(
        settings(exceptions=exceptions_of({"match": {"namespaces": ["shop"]}, "allow": allow})),
        policy={"enforce": "baseline"},
        object=pod(localhost("carts.json"), hostPID=True),
    )

    told = response_of(answer)["auditAnnotations"]["exception"]
    assert told == "clock (hostNamespaces), clock (localhostProfilePresence)"
    assert answer.decision.exceptions == ("clock",)


def test_a_pod_that_runs_is_not_asked_again() -> None:
    old = pod(localhost("carts.json"))
    new = pod(localhost("carts.json", image="app:2"), nodeName="a")

    assert answer_to(settings(), operation="UPDATE", object=new, oldObject=old).decision.allowed


def test_an_ephemeral_container_is_asked_for_what_it_brings() -> None:
    running = pod(
        localhost("carts.json"), nodeName="a", ephemeralContainers=[localhost("tea.json", name="x")]
    )
    more = {**running["spec"], "ephemeralContainers": [localhost("tea.json", name="x")]}
    request = {"operation": "UPDATE", "subresource": "ephemeralcontainers", "oldObject": running}
    request["requestSubResource"] = "ephemeralcontainers"

    more["ephemeralContainers"].append(localhost("coffee.json", name="y"))
    answer = answer_to(settings(), object={"spec": more}, **request)
    assert response_of(answer)["status"]["message"] == (
        'pods "cart" is forbidden: violates LocalhostProfiles: container "y" must not use seccomp profile '
        '"coffee.json": it is missing on node a'
    )

    more["ephemeralContainers"][-1] = {"name": "y", "image": "debug:1"}
    assert answer_to(settings(), object={"spec": more}, **request).decision.allowed


def test_what_makes_pods_is_only_warned() -> None:
    template = {"spec": {"template": pod(localhost("carts.json"))}}
    answer = answer_to(settings(), resource="deployments", object=template)

    assert response_of(answer)["warnings"] == [f"would violate LocalhostProfiles: {MISSING}"]


def test_what_makes_pods_is_refused_where_a_configuration_says_so() -> None:
    template = {"spec": {"template": pod(localhost("carts.json"))}}
    asked = settings(enforce_controllers=True)
    answer = answer_to(asked, resource="deployments", object=template)
    same = {"resource": "deployments", "operation": "UPDATE", "object": template, "oldObject": template}

    assert response_of(answer)["status"]["message"] == (
        f'deployments.apps "cart" is forbidden: violates LocalhostProfiles: {MISSING}'
    )
    assert answer_to(asked, **same).decision.allowed


def test_a_volume_that_lets_a_pod_write_profiles_is_refused() -> None:
    writes = {"name": "app", "image": "app:1", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    volumes = [{"name": "v", "hostPath": {"path": "/var/lib/kubelet"}}]
    answer = answer_to(settings(), object=pod(writes, volumes=volumes))

    assert answer.decision.controls == ("profileFolder",)
    assert answer.decision.code == 403


def test_where_nothing_is_refused_it_is_told_what_would_be() -> None:
    answer = answer_to(settings(), audit_only=True)

    assert answer.decision.allowed
    assert answer.decision.would_refuse == 403
    assert response_of(answer)["warnings"][0].startswith("audit only, would be refused: pods")


@pytest.mark.parametrize(("mode", "code"), [(Mode.ENFORCE, 422), (Mode.WARN, 200), (Mode.OFF, 200)])
def test_a_pod_that_cannot_be_read_is_refused_only_where_its_profiles_could_be(mode: Mode, code: int) -> None:
    bad = pod(localhost("carts.json"), hostPID="yes")

    assert answer_to(settings(mode), object=bad).decision.code == code


def test_a_change_of_a_pod_that_cannot_be_read_is_refused_likewise() -> None:
    request = {"operation": "UPDATE", "object": pod(localhost("a.json")), "oldObject": pod(hostPID="yes")}

    assert answer_to(settings(), **request).decision.code == 400
    assert answer_to(settings(Mode.WARN), **request).decision.allowed


@given(cases())
def test_a_pod_without_profiles_of_the_node_is_judged_as_if_nothing_were_asked_of_them(case: Case) -> None:
    plain = settings_in({"configuration": case["configuration"]} if case["configuration"] else {})
    asked = plain._replace(localhost_profiles=LocalhostProfiles(Mode.ENFORCE))
    shop = (case["namespaces"].get("shop") or {}).get("labels") or {}

    def answered(settings: Settings) -> Answer:
        cluster = WorldWithNodes(shop, nodes=one_node())
        return review(body_of(case["request"]), settings=settings, cluster=cluster, clock=lambda: 0.0)

    with_nodes, without = answered(asked), answered(plain)
    if not with_nodes.decision.localhost_profiles:
        assert with_nodes == without


def test_a_pod_can_be_made_of_any_number_of_containers_and_is_answered_all_the_same() -> None:
    many = pod(*(localhost(f"{each}.json", name=f"c{each}") for each in range(2000)))
    answer = answer_to(settings(), object=many)

    assert answer.decision.code == 403
    assert len(answer.decision.message) < 100_000


def test_names_that_are_not_for_reading_are_quoted() -> None:
    message = answer_to(settings(), object=pod(localhost("a\nb.json"))).decision.message

    assert r'seccomp profile "a\nb.json"' in message
