"""The webhook in the cluster that it guards: as pods of a Deployment, reached through a Service."""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.api import Answer, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.images import shipped
from tests.e2e.kubectl import Kubectl
from tests.e2e.load import load
from tests.e2e.node import SHELL
from tests.e2e.objects import bad_spec, good_spec, namespace, plain_spec, pod, workload
from tests.e2e.processes import wait_for
from tests.e2e.registration import register, registration

HOME = "seccomp-webhook"
SERVICE, DEPLOYMENT = yaml.safe_load_all(Path(__file__).with_name("product.yaml").read_text())


@pytest.fixture(scope="module")
def cluster(nodes: NodeCluster, place: Path) -> Iterator[WebhookCluster]:
    """A cluster whose webhook runs in it, and nowhere else."""
    cluster, node = nodes
    node.load(shipped(place))
    cluster.admin.patch(namespace(HOME), namespace(HOME, enforce="restricted")).good()
    for manifest in (certificate(cluster), SERVICE, deployment(cluster)):
        created = cluster.admin.create(manifest).good()
        assert created.warnings == ()
    wait_for(lambda: is_rolled_out(cluster), "the webhook runs in the cluster")
    service = {"service": {"namespace": HOME, "name": "webhook", "path": "/validate"}}
    register(cluster.admin, registration(service, cluster.plane.authority.certificate))
    cluster.webhook.stop()
    cluster.admin.create(namespace("strict", enforce="restricted"))
    wait_for(lambda: refused(cluster).code == 403, "the webhook in the cluster is called")
    yield cluster
    cluster.webhook.start()
    cluster.register()


def certificate(cluster: WebhookCluster) -> Manifest:
    """The Secret from which the webhook serves."""
    files = cluster.plane.authority.issue("product", "webhook", hosts=[f"webhook.{HOME}.svc"])
    names = ("tls.crt", "tls.key")
    data = {
        name: base64.b64encode(file.read_bytes()).decode() for name, file in zip(names, files, strict=True)
    }
    metadata = {"name": "webhook-tls", "namespace": HOME}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata,
        "type": "kubernetes.io/tls",
        "data": data,
    }


def deployment(cluster: WebhookCluster) -> Manifest:
    """The Deployment, which knows where the API server is."""
    host, port = DEPLOYMENT["spec"]["template"]["spec"]["containers"][0]["env"]
    host["value"], port["value"] = cluster.plane.gateway, str(cluster.plane.port)
    return dict(DEPLOYMENT)


def is_rolled_out(cluster: WebhookCluster) -> bool:
    """Whether all replicas are new ones, and ready."""
    found = cluster.admin.get(DEPLOYMENT).good().body
    status = found["status"]
    counts = [status.get(f"{which}Replicas") for which in ("updated", "ready", "available")]
    is_seen = bool(status.get("observedGeneration") == found["metadata"]["generation"])
    return is_seen and [*counts, status.get("replicas")] == [2] * 4


def refused(cluster: WebhookCluster) -> Answer:
    return cluster.admin.create(pod("insecure", "strict", bad_spec()), dry_run=True)


def test_a_violating_deployment_is_refused_and_a_good_one_runs_filtered(cluster: WebhookCluster) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    kubectl("apply -f -", json.dumps(workload("Deployment", "web", "strict", plain_spec())))

    def event() -> str:
        return str(cluster.admin.items("Event", "strict"))

    wait_for(lambda: 'violates PodSecurity "restricted:latest"' in event(), "an event tells of it")
    assert cluster.admin.items("Pod", "strict") == []

    spec = good_spec()
    spec["containers"][0] |= {"image": SHELL}
    spec["securityContext"] = {"runAsUser": 1000}
    kubectl("apply -f -", json.dumps(workload("Deployment", "web", "strict", spec)))
    assert kubectl("rollout status deployment web -n strict --timeout 60s").status == 0
    told = kubectl("exec -n strict deployment/web -- grep Seccomp: /proc/1/status")
    assert told.out == "Seccomp:\t2\n", told.err


def test_it_runs_with_nothing_that_it_does_not_need(cluster: WebhookCluster) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    read = "print(open('/proc/1/status').read())"
    # There is no shell, and the interpreter is where the image was made.
    interpreter = Path(sys.executable).resolve()
    told = kubectl(f'exec -n {HOME} deployment/webhook -- {interpreter} -c "{read}"')
    lines = dict(line.split(":\t", 1) for line in told.out.splitlines() if ":\t" in line)
    assert lines["Uid"].split() == ["65532"] * 4
    assert (lines["Seccomp"], lines["NoNewPrivs"], lines["CapEff"]) == ("2", "1", "0" * 16)


def test_no_request_fails_while_every_replica_is_replaced(cluster: WebhookCluster) -> None:
    restarted = {"kubectl.kubernetes.io/restartedAt": "now"}
    change = {"spec": {"template": {"metadata": {"annotations": restarted}}}}
    with load(lambda: refused(cluster)) as answers:
        cluster.admin.patch(DEPLOYMENT, change).good()
        wait_for(lambda: is_rolled_out(cluster), "all replicas are new")
        ended = len(answers)
        wait_for(lambda: only_two_pods(cluster) and len(answers) > ended + 100, "the old ones are gone")
    assert {answer.code for answer in answers} == {403}
    assert len(answers) > 100


def only_two_pods(cluster: WebhookCluster) -> bool:
    return len(cluster.admin.items("Pod", HOME)) == 2
