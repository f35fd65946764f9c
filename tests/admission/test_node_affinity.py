"""Pods that are kept to the nodes that have their profiles."""

import base64
import json
from copy import deepcopy
from random import Random
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.admission.cases import body_of, labels, request_of
from tests.admission.test_localhost_profiles import WorldWithNodes, localhost, pod
from tests.strategies import scheduling
from webhook.admission import Answer, mutate
from webhook.config import DEFAULTS, Settings
from webhook.mutation import NONE
from webhook.nodes.affinity import MOST_ADDED
from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.label_names import label_name
from webhook.nodes.localhost_profiles import LABEL, LocalhostProfiles, Mode
from webhook.nodes.node import Node
from webhook.nodes.placement import placement_of
from webhook.policy.pod import pod_from

KEY = label_name("cart.json")
EXISTS = {"key": KEY, "operator": "Exists"}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def nodes(*more: Node) -> Snapshot:
    inventory = Inventory()
    inventory.put_node(Node("a", {KEY: "0123", "kubernetes.io/os": "linux"}))
    inventory.put_node(Node("b", {"kubernetes.io/os": "linux"}))
    for each in more:
        inventory.put_node(each)
    return inventory.snapshot()


def settings(mode: Mode = Mode.WARN, *, adds: bool = True, **more: Any) -> Settings:  # noqa: ANN401 - any setting
    asked = LocalhostProfiles(mode, add_node_affinity=adds)
    return DEFAULTS._replace(localhost_profiles=asked, mutation=NONE)._replace(**more)


def answer_to(
    manifest: dict[str, Any],
    asked: Settings | None = None,
    snapshot: Snapshot | None = None,
    policy: dict[str, str] | None = None,
    **request: Any,  # noqa: ANN401 - any part of a request
) -> Answer:
    world = WorldWithNodes(labels(policy or {}), nodes=snapshot or nodes())
    body = body_of(request_of({"object": manifest, **request}))
    return mutate(body, settings=asked or settings(), cluster=world)


def patched(manifest: dict[str, Any], answer: Answer) -> dict[str, Any]:
    response = json.loads(answer.body)["response"]
    patch = json.loads(base64.b64decode(response.get("patch", ""))) if "patch" in response else []
    assert {each["op"] for each in patch} <= {"add"}
    result: dict[str, Any] = jsonpatch.apply_patch(deepcopy(manifest), patch)
    return result


def affinity_of(manifest: dict[str, Any]) -> Any:  # noqa: ANN401 - a part of a manifest
    return patched(manifest, answer_to(manifest))["spec"]["affinity"]["nodeAffinity"][REQUIRED][
        "nodeSelectorTerms"
    ]


def required(*terms: dict[str, Any]) -> dict[str, Any]:
    return {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": list(terms)}}}


@pytest.mark.parametrize("before", [{}, {"affinity": {}}, {"affinity": {"nodeAffinity": {}}}])
def test_a_pod_that_asks_nothing_of_nodes_gets_one_requirement(before: dict[str, Any]) -> None:
    assert affinity_of(pod(localhost("cart.json"), **before)) == [{"matchExpressions": [EXISTS]}]


def test_other_affinity_stays_as_it_is() -> None:
    other = {"podAntiAffinity": {}, "nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}
    manifest = pod(localhost("cart.json"), affinity=other)
    found = patched(manifest, answer_to(manifest))["spec"]["affinity"]

    assert found == {
        **other,
        "nodeAffinity": {**other["nodeAffinity"], **required({"matchExpressions": [EXISTS]})["nodeAffinity"]},
    }


def test_every_term_that_matches_anything_gets_it() -> None:
    linux = {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}
    name = {"key": "metadata.name", "operator": "In", "values": ["a"]}
    terms = required({"matchExpressions": [linux]}, {"matchFields": [name]}, {})

    assert affinity_of(pod(localhost("cart.json"), affinity=terms)) == [
        {"matchExpressions": [linux, EXISTS]},
        {"matchFields": [name], "matchExpressions": [EXISTS]},
        {},
    ]


def test_a_pod_with_more_terms_than_anybody_writes_is_left_as_it_is() -> None:
    term = {"matchExpressions": [{"key": "kubernetes.io/os", "operator": "Exists"}]}
    most = pod(localhost("cart.json"), affinity=required(*[term] * MOST_ADDED))
    more = pod(localhost("cart.json"), affinity=required(*[term] * (MOST_ADDED + 1)))

    assert answer_to(most).decision.mutated == ("nodeAffinity",)
    assert answer_to(more).decision.mutated == ()
    assert patched(more, answer_to(more)) == more


def test_what_was_added_is_told() -> None:
    answer = answer_to(pod(localhost("cart.json")))

    assert json.loads(answer.body)["response"]["auditAnnotations"] == {
        "mutated": "nodeAffinity (spec.affinity)"
    }
    assert answer.decision.mutated == ("nodeAffinity",)


def test_it_comes_with_the_defaults_in_one_patch() -> None:
    manifest = pod(localhost("cart.json"), {"name": "tea", "image": "tea:1"})
    answer = answer_to(manifest, settings(mutation=DEFAULTS.mutation))
    spec = patched(manifest, answer)["spec"]

    assert answer.decision.mutated == ("seccompProfile", "nodeAffinity")
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert "affinity" in spec


UNCHANGED = {
    "a profile that no node has a label for": (pod(localhost("tea.json")), {}),
    "a pod that names its node": (pod(localhost("cart.json"), nodeName="b"), {}),
    "a pod that can only go where there is no such label": (
        pod(localhost("cart.json"), nodeSelector={"zone": "1"}),
        {},
    ),
    "a pod without such a profile": (pod({"name": "app", "image": "app:1"}), {}),
    "another AppArmor profile": (
        pod(
            {"name": "app", "image": "app:1"},
            securityContext={"appArmorProfile": {"type": "Localhost", "localhostProfile": "cart.json"}},
        ),
        {},
    ),
    "a Windows pod": (pod(localhost("cart.json"), os={"name": "windows"}), {}),
    "an affinity without terms, which the API server refuses": (
        pod(localhost("cart.json"), affinity=required()),
        {},
    ),
    "a namespace that declines": (
        pod(localhost("cart.json")),
        {"policy": {"seccomp-webhook.io/defaults": "disabled"}},
    ),
    "a namespace where it is off": (pod(localhost("cart.json")), {"policy": {LABEL: "off"}}),
    "a configuration that does not ask for it": (
        pod(localhost("cart.json")),
        {"asked": settings(adds=False)},
    ),
    "a pod that is there": (pod(localhost("cart.json")), {"operation": "UPDATE"}),
    "nodes that are not known": (pod(localhost("cart.json")), {"snapshot": Inventory().snapshot()}),
}


@pytest.mark.parametrize(("manifest", "how"), UNCHANGED.values(), ids=UNCHANGED)
def test_it_is_left_as_it_is(manifest: dict[str, Any], how: dict[str, Any]) -> None:
    answer = answer_to(manifest, **how)

    assert "patch" not in json.loads(answer.body)["response"]
    assert answer.decision.mutated == ()


def test_two_profiles_of_different_nodes_keep_a_pod_from_no_node() -> None:
    other = Node("c", {label_name("tea.json"): "4567"})
    manifest = pod(localhost("cart.json"), localhost("tea.json", name="tea"))

    assert answer_to(manifest, snapshot=nodes(other)).decision.mutated == ()


@given(st.integers(0, 2**32))
def test_a_pod_goes_where_it_would_and_its_profile_is_and_a_second_look_adds_nothing(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    inventory = Inventory()
    for each in scheduling.nodes(random):
        found = {**each["metadata"]["labels"], **({KEY: "0123"} if random.random() < 0.5 else {})}
        inventory.put_node(Node(each["metadata"]["name"], found))
    snapshot = inventory.snapshot()
    before = pod(localhost("cart.json"), **scheduling.pod(random)["spec"])
    after = patched(before, answer_to(before, snapshot=snapshot))

    would, goes = (
        set(snapshot.places.eligible(placement_of(pod_from(each).spec))) for each in (before, after)
    )
    with_label = {each.name for each in snapshot.nodes() if KEY in each.labels}
    assert goes == (would if "nodeName" in before["spec"] else would & with_label or would)
    assert patched(after, answer_to(after, snapshot=snapshot)) == after
