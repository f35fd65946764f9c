"""Pods on a real node: what becomes of them, and that the webhook refuses what would run without a filter."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.api import STRATEGIC_PATCH, Manifest, path_of
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.kubectl import Kubectl
from tests.e2e.node import SHELL
from tests.e2e.objects import namespace, pod
from tests.e2e.processes import wait_for

FATES = yaml.safe_load(Path(__file__).with_name("fates.yaml").read_text())
ALLOW = {"defaultAction": "SCMP_ACT_ALLOW"}
INVALID = yaml.safe_load(Path(__file__).with_name("invalid_profiles.yaml").read_text())
PROFILES = {
    "no-mkdir.json": {**ALLOW, "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]},
    "unknown-call.json": {**ALLOW, "syscalls": [{"names": ["nope"], "action": "SCMP_ACT_ERRNO"}]},
    "unknown-action.json": {"defaultAction": "SCMP_ACT_NOPE"},
}
PLACE = "fates"
LEVELS = ("baseline", "restricted")


@pytest.fixture(scope="module")
def cluster(nodes: NodeCluster) -> WebhookCluster:
    """A cluster with a node on which the pods of ``fates.yaml`` have been started."""
    cluster, node = nodes
    for name, profile in PROFILES.items():
        (node.profiles / name).write_text(json.dumps(profile))
    (node.profiles / "empty.json").touch()
    (node.profiles / "folder").mkdir()
    for place, level in ((PLACE, "privileged"), *zip(LEVELS, LEVELS, strict=True)):
        cluster.admin.create(namespace(place, enforce=level)).good()
        account = {"kind": "ServiceAccount", "metadata": {"name": "default", "namespace": place}}
        wait_for(partial(is_there, cluster, account), "the account is there")
    for fate in FATES:
        warnings = cluster.admin.create(pod_of(fate, PLACE)).good().warnings
        assert fate.get("warned", "") in str(warnings)
    return cluster


def is_there(cluster: WebhookCluster, manifest: Manifest) -> bool:
    return cluster.admin.get(manifest).code == 200


def pod_of(fate: dict[str, Any], place: str) -> Manifest:
    context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsUser": 1000}
    context |= {"runAsNonRoot": True}
    own = fate.get("container", {})
    if own.get("privileged"):
        context = {}
    container = {"name": "shell", "image": SHELL, "securityContext": context | own}
    spec = {**fate.get("spec", {}), "containers": [container], "terminationGracePeriodSeconds": 0}
    return pod(fate["pod"], place, spec, annotations=fate.get("annotations", {}))


def state_of(cluster: WebhookCluster, name: str) -> dict[str, Any]:
    """The state of a pod's container, such as ``{"running": ...}``, or what ended it."""
    found = cluster.admin.get(pod(name, PLACE, {})).good().body
    statuses = found["status"].get("containerStatuses") or [{"state": {}}]
    return dict(statuses[0].get("lastState") or {}) | dict(statuses[0]["state"])


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate["pod"])
def test_a_pod_meets_its_fate(cluster: WebhookCluster, fate: dict[str, Any]) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    shell = f"exec -n {PLACE} {fate['pod']} --"
    if "seccomp" in fate:
        wait_for(
            lambda: "running" in state_of(cluster, fate["pod"]), f"it runs {state_of(cluster, fate['pod'])}"
        )
        told = kubectl(f"{shell} grep Seccomp: /proc/1/status")
        assert told.out == f"Seccomp:\t{fate['seccomp']}\n", told.err
    if "run" in fate:
        tried = kubectl(f"{shell} {fate['run']['command']}")
        assert fate["run"]["fails"] in tried.err
        assert tried.status != 0
    if "works" in fate:
        done = kubectl(f"{shell} {fate['works']}")
        assert done.status == 0, done.err
    if "late" in fate:
        meets_late(cluster, fate)
    if "state" in fate:
        reason, *words = fate["state"]
        wait_for(
            lambda: all(word in str(state_of(cluster, fate["pod"])) for word in (reason, *words)), "it failed"
        )


def meets_late(cluster: WebhookCluster, fate: dict[str, Any]) -> None:
    """What becomes of an ephemeral container that says nothing of seccomp."""
    holder = pod_of(fate, PLACE)
    late = {"name": "late", "image": SHELL, "securityContext": {"runAsUser": 1000}}
    change = {"spec": {"ephemeralContainers": [late]}}
    headers = {"Content-Type": STRATEGIC_PATCH}
    cluster.admin.ask("PATCH", f"{path_of(holder)}/ephemeralcontainers", change, headers=headers).good()

    def runs() -> bool:
        status = cluster.admin.get(holder).good().body["status"]
        return any("running" in each["state"] for each in status.get("ephemeralContainerStatuses", ()))

    wait_for(runs, "the ephemeral container runs")
    kubectl = Kubectl(cluster.plane.kubeconfig)
    shell = f"exec -n {PLACE} {fate['pod']} -c late --"
    told = kubectl(f"{shell} grep Seccomp: /proc/1/status")
    assert told.out == f"Seccomp:\t{fate['late']['seccomp']}\n", told.err
    tried = kubectl(f"{shell} {fate['late']['command']}")
    assert fate["late"]["fails"] in tried.err
    assert tried.status != 0


@pytest.mark.parametrize("invalid", INVALID, ids=lambda invalid: invalid["name"])
def test_the_api_server_itself_refuses_what_is_no_profile(
    cluster: WebhookCluster, invalid: dict[str, Any]
) -> None:
    fate = {"pod": invalid["name"], "container": {"seccompProfile": invalid["profile"]}}
    for place in (PLACE, *LEVELS):
        answer = cluster.admin.create(pod_of(fate, place), dry_run=True)
        assert answer.code == 422
        assert invalid["told"] in answer.message


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate["pod"])
def test_each_level_refuses_what_it_must(cluster: WebhookCluster, fate: dict[str, Any]) -> None:
    codes = {level: cluster.admin.create(pod_of(fate, level), dry_run=True).code for level in LEVELS}
    assert codes == {level: 403 if level in fate["refused"] else 201 for level in LEVELS}
