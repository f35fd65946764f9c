"""The seccomp tutorial of Kubernetes on a real node, step by step: which filter each of its pods has.

What is asked with curl there is tried from within the container here, whose program is another one.
Source: Kubernetes documentation, "Restrict a Container's Syscalls with seccomp"; what the steps print is in
``test_tutorials.py``.
"""

import shutil
from typing import Any

import pytest
import yaml

from tests.e2e.api import Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.kubectl import Kubectl, Output
from tests.e2e.node import SHELL
from tests.e2e.objects import namespace
from tests.e2e.processes import wait_for
from tests.e2e.test_tutorials import TEXTS

STEPS = TEXTS / "seccomp"
PLACE = "seccomp"


@pytest.fixture(scope="module")
def cluster(nodes: NodeCluster) -> WebhookCluster:
    """A cluster whose node has the profiles of the tutorial."""
    cluster, node = nodes
    shutil.copytree(STEPS / "profiles", node.profiles / "profiles")
    cluster.admin.create(namespace(PLACE, enforce="baseline")).good()
    account = {"kind": "ServiceAccount", "metadata": {"name": "default", "namespace": PLACE}}
    wait_for(lambda: cluster.admin.get(account).code == 200, "the account is there")
    return cluster


def applied(cluster: WebhookCluster, name: str) -> Manifest:
    """The tutorial's pod, with a program that is there, run as somebody who may do nothing."""
    pod: Manifest = yaml.safe_load((STEPS / f"{name}.yaml").read_text())
    pod["metadata"]["namespace"] = PLACE
    pod["spec"]["terminationGracePeriodSeconds"] = 0
    container = pod["spec"]["containers"][0]
    container.pop("args", None)
    container["image"] = SHELL
    container["securityContext"] = container.get("securityContext", {}) | {"runAsUser": 1000}
    cluster.admin.create(pod).good()
    return pod


def state_of(cluster: WebhookCluster, pod: Manifest) -> dict[str, Any]:
    status = cluster.admin.get(pod).good().body["status"]
    return dict(status.get("containerStatuses", [{}])[0])


def run(cluster: WebhookCluster, pod: Manifest, command: str) -> Output:
    """What *command* does in the container of *pod*, once that runs."""
    wait_for(lambda: "running" in state_of(cluster, pod).get("state", {}), "it runs")
    return Kubectl(cluster.plane.kubeconfig)(f"exec -n {PLACE} {pod['metadata']['name']} -- {command}")


def mode_of(cluster: WebhookCluster, pod: Manifest) -> str:
    """The mode of seccomp of the first process in *pod*: 0 none, 2 a filter."""
    told = run(cluster, pod, "grep Seccomp: /proc/1/status")
    return told.out.removeprefix("Seccomp:").strip() or told.err


def test_the_default_profile_of_the_runtime(cluster: WebhookCluster) -> None:
    pod = applied(cluster, "default-pod")
    assert mode_of(cluster, pod) == "2"
    assert run(cluster, pod, "unshare -U true").err.startswith("unshare: unshare(0x10000000): Operation not")


def test_a_profile_that_only_logs(cluster: WebhookCluster) -> None:
    pod = applied(cluster, "audit-pod")
    assert mode_of(cluster, pod) == "2"
    assert run(cluster, pod, "mkdir /tmp/x").status == 0


def test_a_profile_that_denies_everything(cluster: WebhookCluster) -> None:
    pod = applied(cluster, "violation-pod")

    def is_given_up() -> bool:
        state = state_of(cluster, pod)
        return state.get("restartCount", 0) > 0 and "terminated" in state.get("lastState", {})

    wait_for(is_given_up, "it was started again and failed again")
    last = state_of(cluster, pod)["lastState"]["terminated"]
    assert (last["exitCode"], last["reason"]) == (128, "StartError")


def test_a_profile_of_what_the_program_needs(cluster: WebhookCluster) -> None:
    pod = applied(cluster, "fine-pod")
    assert mode_of(cluster, pod) == "2"
    assert "Operation not permitted" in run(cluster, pod, "mkdir /tmp/x").err


def test_the_default_of_the_kubelet_is_not_seen_by_admission(
    cluster: WebhookCluster, nodes: NodeCluster
) -> None:
    nodes.node.restart_kubelet(seccompDefault=True)
    try:
        pod = applied(cluster, "test-pod")
        assert mode_of(cluster, pod) == "2"
    finally:
        nodes.node.restart_kubelet()
    cluster.admin.patch(namespace(PLACE), namespace(PLACE, enforce="restricted")).good()
    again = {**pod, "metadata": {**pod["metadata"], "name": "again"}}
    wait_for(lambda: cluster.admin.create(again, dry_run=True).code == 403, "the level holds")
    assert 'seccompProfile.type to "RuntimeDefault"' in cluster.admin.create(again, dry_run=True).message
