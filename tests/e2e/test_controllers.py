"""Controllers in a namespace that refuses their pods: users hear of it at once, and events tell the rest."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.control_plane import Extent
from tests.e2e.kubectl import Kubectl
from tests.e2e.objects import RESTRICTED_DETAIL, good_spec, namespace, plain_spec, workload
from tests.e2e.processes import wait_for
from tests.e2e.registration import ENFORCING

NODE: Manifest = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "nobody-home"},
    "status": {"conditions": [{"type": "Ready", "status": "True"}]},
}
"""A node of which there is no more than this: daemons are made for it, and stay pending."""

KINDS = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job")


@pytest.fixture(scope="module")
def cluster(place: Path) -> Iterator[WebhookCluster]:
    """A cluster with controllers."""
    need("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
    with WebhookCluster(place / "controllers", extent=Extent.CONTROLLERS) as started:
        started.admin.create(NODE).good()
        yield started


def events(cluster: WebhookCluster, namespace: str) -> list[str]:
    """The events of pods that could not be created."""
    found = cluster.admin.items("Event", namespace)
    return [event["message"] for event in found if event["reason"] == "FailedCreate"]


@pytest.mark.parametrize("kind", KINDS)
def test_events_tell_of_refused_pods_which_come_after_the_fix(cluster: WebhookCluster, kind: str) -> None:
    place = f"refuses-{kind.lower()}"
    kubectl = Kubectl(cluster.plane.kubeconfig)
    cluster.admin.create(namespace(place, enforce="restricted")).good()
    insecure = workload(kind, "web", place, plain_spec())

    applied = kubectl("apply -f -", json.dumps(insecure))
    assert applied.err == f'Warning: would violate PodSecurity "restricted:latest": {RESTRICTED_DETAIL}\n'
    assert applied.status == 0

    wait_for(lambda: events(cluster, place) != [], "an event tells of the refused pod")
    words = events(cluster, place)[0]
    assert f'admission webhook "{ENFORCING}" denied the request: pods "web-' in words
    assert f'is forbidden: violates PodSecurity "restricted:latest": {RESTRICTED_DETAIL}' in words
    assert cluster.admin.items("Pod", place) == []
    if kind == "Deployment":
        wait_for(lambda: RESTRICTED_DETAIL in condition(cluster, insecure), "the condition tells it too")

    secure = workload(kind, "web", place, good_spec())
    if kind == "Job":  # its template is not to be changed
        assert kubectl(f"delete job web -n {place}").status == 0
    fixed = kubectl("apply -f -", json.dumps(secure))
    assert (fixed.status, fixed.err) == (0, "")
    wait_for(lambda: cluster.admin.items("Pod", place) != [], "there are pods after the fix")


def test_a_cron_job_is_warned_of_long_before_its_first_run_and_runs_after_the_fix(
    cluster: WebhookCluster,
) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    cluster.admin.create(namespace("nightly", enforce="restricted")).good()
    applied = kubectl("apply -f -", json.dumps(workload("CronJob", "web", "nightly", plain_spec())))
    assert applied.err == f'Warning: would violate PodSecurity "restricted:latest": {RESTRICTED_DETAIL}\n'
    assert kubectl("create job today --from=cronjob/web -n nightly").status == 0
    wait_for(lambda: events(cluster, "nightly") != [], "an event tells of the refused pod")
    assert RESTRICTED_DETAIL in events(cluster, "nightly")[0]
    assert cluster.admin.items("Pod", "nightly") == []

    fixed = kubectl("apply -f -", json.dumps(workload("CronJob", "web", "nightly", good_spec())))
    assert (fixed.status, fixed.err) == (0, "")
    assert kubectl("create job tomorrow --from=cronjob/web -n nightly").status == 0
    wait_for(lambda: cluster.admin.items("Pod", "nightly") != [], "there are pods after the fix")


def condition(cluster: WebhookCluster, deployment: Manifest) -> str:
    """What the Deployment says of replicas that failed."""
    status = cluster.admin.get(deployment).good().body.get("status", {})
    failures = [each for each in status.get("conditions", ()) if each["type"] == "ReplicaFailure"]
    return failures[0]["message"] if failures else ""


def test_pods_that_run_are_left_alone_when_the_level_rises(cluster: WebhookCluster) -> None:
    place = "rises"
    kubectl = Kubectl(cluster.plane.kubeconfig)
    cluster.admin.create(namespace(place)).good()
    assert kubectl("apply -f -", json.dumps(workload("Deployment", "web", place, plain_spec()))).err == ""
    wait_for(lambda: len(cluster.admin.items("Pod", place)) == 1, "the pod is there")

    raised = kubectl(f"label namespace {place} pod-security.kubernetes.io/enforce=restricted")
    assert raised.err.splitlines()[0] == (
        f'Warning: existing pods in namespace "{place}" violate'
        ' the new PodSecurity enforce level "restricted:latest"'
    )
    assert raised.status == 0
    [pod] = cluster.admin.items("Pod", place)
    changed = kubectl(f"label pod {pod['metadata']['name']} -n {place} seen=yes")
    assert (changed.status, changed.err) == (0, "")
