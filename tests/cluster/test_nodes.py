"""What is kept of nodes, and of what they and the security-profiles-operator say of themselves."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies.json_values import json_values
from webhook.cluster.failure import Failure
from webhook.cluster.node_profiles import Unread, node_profiles
from webhook.cluster.nodes import node_in
from webhook.cluster.objects import object_in
from webhook.cluster.operator import OperatorProfile, OperatorStatus, about, node_status_in, profile_in
from webhook.nodes.node import Node, Taint
from webhook.nodes.report import NodeReport


def encoded(**document: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(document).encode()


def test_of_a_node_is_kept_what_decides_where_pods_may_go() -> None:
    document = encoded(
        metadata={"name": "n1", "resourceVersion": "7", "labels": {"zone": "a"}, "annotations": {"x": "y"}},
        spec={
            "podCIDR": "10.0.0.0/24",
            "unschedulable": True,
            "taints": [
                {"key": "gpu", "value": "yes", "effect": "NoSchedule"},
                {"key": "node.kubernetes.io/unreachable", "effect": "NoExecute", "timeAdded": "2026-11-22"},
            ],
        },
        status={"images": [{"names": ["a"] * 50}]},
    )
    taints = (Taint("gpu", "yes", "NoSchedule"), Taint("node.kubernetes.io/unreachable", "", "NoExecute"))

    assert node_in(document) == ("n1", "7", Node("n1", {"zone": "a"}, taints, unschedulable=True))


def test_a_node_of_which_nothing_is_said_is_open_to_all() -> None:
    assert node_in(encoded(metadata={"name": "n1"})).kept == Node("n1")
    assert node_in(encoded(metadata={"name": "n1", "labels": None}, spec=None)).kept == Node("n1")


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ({"kernel": "6.18", "seccomp": [{"path": "a.json"}]}, "6.18"),
        ({}, ""),
        (None, Unread()),
        (
            {"seccomp": 3},
            Unread("the report of node 'n1' cannot be read: Expected `array`, got `int` - at `$.seccomp`"),
        ),
    ],
)
def test_a_report_that_cannot_be_read_is_no_failure_for_the_others(status: Any, kept: object) -> None:  # noqa: ANN401 - JSON
    def keep(report: NodeReport) -> Any:  # noqa: ANN401 - whatever is kept, it comes back
        return report.kernel

    metadata = {"name": "n1", "resourceVersion": "7"}
    document = encoded(metadata=metadata, **({} if status is None else {"status": status}))

    assert node_profiles(keep).read(document) == ("n1", "7", kept)


@pytest.mark.parametrize(
    ("metadata", "status", "profile"),
    [
        ({"name": "web"}, {"status": "Installed"}, OperatorProfile("operator/web.json", is_installed=True)),
        ({"name": "web.json"}, {}, OperatorProfile("operator/web.json", is_installed=False)),
        (
            {"name": "web", "namespace": "shop"},
            None,
            OperatorProfile("operator/shop/web.json", is_installed=False),
        ),
        (
            {"name": "web"},
            {"status": "Pending", "localhostProfile": "operator/elsewhere.json"},
            OperatorProfile("operator/elsewhere.json", is_installed=False),
        ),
    ],
)
def test_a_profile_of_the_operator_lies_where_the_operator_puts_it(
    metadata: dict[str, str],
    status: Any,  # noqa: ANN401 - JSON
    profile: OperatorProfile,
) -> None:
    assert profile_in(encoded(metadata=metadata, spec={"defaultAction": "X"}, status=status)).kept == profile


@pytest.mark.parametrize("namespace", ["", "shop"])
def test_the_operators_word_on_a_node_is_found_by_all_that_it_is_about(namespace: str) -> None:
    metadata = {
        "name": "web-n1",
        "namespace": namespace,
        "labels": {"spo.x-k8s.io/node-name": "n1", "spo.x-k8s.io/profile-state": "Installed"},
        "ownerReferences": [{"kind": "Other", "name": "x"}, {"kind": "SeccompProfile", "name": "web"}],
    }
    name, _, status = node_status_in(encoded(metadata=metadata))
    path = f"operator/{namespace}/web.json" if namespace else "operator/web.json"

    assert status == OperatorStatus("n1", path, is_installed=True)
    assert about(name) == ("n1", path)


def test_profiles_of_another_kind_have_no_path() -> None:
    owners = [{"kind": "SelinuxProfile", "name": "web"}]
    labels = {"spo.x-k8s.io/node-name": "n1", "spo.x-k8s.io/profile-state": "Installed"}

    found = node_status_in(encoded(metadata={"name": "x", "labels": labels, "ownerReferences": owners})).kept
    assert found == OperatorStatus("n1", "", is_installed=True)


@given(st.one_of(st.binary(), json_values().map(lambda value: json.dumps(value).encode())))
def test_whatever_is_answered_is_understood_or_a_failure(answer: bytes) -> None:
    def keep(_report: NodeReport) -> Any:  # noqa: ANN401 - nothing of it is looked at
        return None

    for read in (node_in, node_profiles(keep).read, profile_in, node_status_in):
        with suppress(Failure):
            object_in(read, "list nodes", answer)
