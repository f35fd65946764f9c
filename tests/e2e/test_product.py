"""The webhook in the cluster that it guards: as pods of a Deployment, reached through a Service."""

import base64
import json
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from tests.e2e import mutating
from tests.e2e.api import Answer, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.images import shipped
from tests.e2e.kubectl import Kubectl
from tests.e2e.load import load
from tests.e2e.node import SHELL
from tests.e2e.objects import RESTRICTED_DETAIL, bad_spec, good_spec, namespace, plain_spec, pod, workload
from tests.e2e.processes import wait_for
from tests.e2e.registration import ENFORCING, register, registration

HOME = "seccomp-webhook"
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 - where it is
VIOLATES = 'violates PodSecurity "restricted:latest"'
WRITE = """
import errno
try:
    open('{place}/x', 'w')
except OSError as error:
    print(errno.errorcode[error.errno])
"""
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
    authority = cluster.plane.authority.certificate
    defaults = mutating.registration(service("/mutate"), authority)
    register(cluster.admin, registration(service("/validate"), authority))
    register(cluster.admin, defaults)
    cluster.webhook.stop()
    make(cluster, namespace("strict", enforce="restricted"))
    wait_for(lambda: refused(cluster).code == 403, "the webhook in the cluster is called")
    wait_for(lambda: open_left(cluster).code == 201, "defaults are put into pods")
    yield cluster
    cluster.admin.delete(defaults).good()
    wait_for(lambda: open_left(cluster).code == 403, "defaults are no longer put into pods")
    cluster.webhook.start()
    cluster.register()


def service(path: str) -> Manifest:
    """Where the API server finds the webhook."""
    return {"service": {"namespace": HOME, "name": "webhook", "path": path}}


def open_left(cluster: WebhookCluster) -> Answer:
    """The answer to a pod that would be good if it said anything of seccomp."""
    return cluster.admin.create(pod("open", "strict", undecided()), dry_run=True)


def undecided() -> Manifest:
    """A pod that every level lets pass, once it has a profile."""
    spec = deepcopy(good_spec())
    del spec["containers"][0]["securityContext"]["seccompProfile"]
    return spec


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


def refused(cluster: WebhookCluster, place: str = "strict") -> Answer:
    return cluster.admin.create(pod("insecure", place, bad_spec()), dry_run=True)


def test_a_violating_deployment_is_refused_and_one_that_is_good_but_for_its_profile_runs_filtered(
    cluster: WebhookCluster,
) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    kubectl("apply -f -", json.dumps(workload("Deployment", "web", "strict", plain_spec())))

    def told() -> list[Manifest]:
        return [each for each in cluster.admin.items("Event", "strict") if each["reason"] == "FailedCreate"]

    wait_for(lambda: told() != [], "an event tells of it")
    event = told()[0]
    assert event["involvedObject"]["kind"] == "ReplicaSet"
    assert event["involvedObject"]["name"].startswith("web-")
    assert f'admission webhook "{ENFORCING}" denied the request: pods "web-' in event["message"]
    # A profile was put into the pod before it was judged, so that this is no longer among what is missing.
    unmended = RESTRICTED_DETAIL.partition(", seccompProfile")[0]
    assert event["message"].endswith(f"{VIOLATES}: {unmended}")
    assert cluster.admin.items("Pod", "strict") == []

    spec = undecided()
    spec["containers"][0] |= {"image": SHELL}
    spec["securityContext"] = {"runAsUser": 1000}
    kubectl("apply -f -", json.dumps(workload("Deployment", "web", "strict", spec)))
    assert kubectl("rollout status deployment web -n strict --timeout 60s").status == 0
    found = kubectl("exec -n strict deployment/web -- grep Seccomp: /proc/1/status")
    assert found.out == "Seccomp:\t2\n", found.err


def test_it_runs_with_nothing_that_it_does_not_need(cluster: WebhookCluster) -> None:
    kubectl = Kubectl(cluster.plane.kubeconfig)
    told = run_in(kubectl, "deployment/webhook", "print(open('/proc/1/status').read())")
    lines = dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)
    assert lines["Uid"].split() == ["65532"] * 4
    assert (lines["Seccomp"], lines["NoNewPrivs"], lines["CapEff"]) == ("2", "1", "0" * 16)
    # As whom it runs it could not write to the other folders anyway: errors tell which of both it was.
    for place in ("/", "/usr/local/bin", "/tls"):
        assert run_in(kubectl, "deployment/webhook", WRITE.format(place=place)) == "EROFS\n", place


def run_in(kubectl: Kubectl, pod: str, program: str) -> str:
    """What *program* prints in a pod of the webhook, where there is a Python and nothing else."""
    interpreter = Path(sys.executable).resolve()
    ran = kubectl(f'exec -n {HOME} {pod} -- {interpreter} -c "{program}"')
    assert ran.status == 0, ran.err
    return ran.out


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


def test_a_new_token_is_taken_when_the_old_one_is_refused(
    cluster: WebhookCluster, nodes: NodeCluster
) -> None:
    """The account is made anew, so that its tokens are those of an account that is gone.

    The kubelet would renew the token in the pods after four fifths of its life, of ten minutes at least.
    When it has just been started it remembers none: it asks for one, and swaps the files.
    """
    kubectl = Kubectl(cluster.plane.kubeconfig)
    before = pods_of_webhook(cluster)
    tightened = namespace("tightened")
    make(cluster, tightened)
    assert refused(cluster, "tightened").code == 201
    old = tokens(kubectl, before)
    logged = {name: len(log_of(kubectl, name)) for name in before}

    def tell(words: str) -> bool:
        return all(words in log_of(kubectl, name)[logged[name] :] for name in before)

    try:
        cluster.admin.delete({"kind": "ServiceAccount", "metadata": cluster.rights.account}).good()
        cluster.rights.give()
        # Watches outlive the token that they were begun with.
        cluster.plane.stop("kube-apiserver")
        cluster.plane.start_api_server()
        wait_for(lambda: tell("does not accept our credentials (401 Unauthorized)"), "the token is refused")
        make(cluster, namespace("unheard", enforce="restricted"))
        wait_for(lambda: VIOLATES in refused(cluster).message, "what is known is judged")
        assert 'failed to lookup namespace "unheard"' in refused(cluster, "unheard").message
        assert tokens(kubectl, before) == old

        nodes.node.restart_kubelet()
        wait_for(lambda: tell("following namespaces"), "the new token is taken")
    finally:
        cluster.renew_token()
    assert not set(tokens(kubectl, before)) & set(old)
    assert VIOLATES in refused(cluster, "unheard").message
    cluster.admin.patch(tightened, namespace("tightened", enforce="restricted")).good()
    wait_for(lambda: VIOLATES in refused(cluster, "tightened").message, "changes are heard of")
    assert pods_of_webhook(cluster) == before


def make(cluster: WebhookCluster, place: Manifest) -> None:
    """Make a namespace; returns when it has the account without which the API server itself refuses pods."""
    cluster.admin.create(place).good()
    account = {
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": place["metadata"]["name"]},
    }
    wait_for(lambda: cluster.admin.get(account).code == 200, "the account is there")


def pods_of_webhook(cluster: WebhookCluster) -> dict[str, int]:
    """The names of the webhook's pods, and how often each was restarted."""
    return {
        each["metadata"]["name"]: each["status"]["containerStatuses"][0]["restartCount"]
        for each in cluster.admin.items("Pod", HOME)
    }


def tokens(kubectl: Kubectl, pods: Iterable[str]) -> list[str]:
    """The tokens that the pods have."""
    read = f"print(open('{TOKEN}').read())"
    return [run_in(kubectl, f"pod/{name}", read) for name in pods]


def log_of(kubectl: Kubectl, pod: str) -> str:
    """All that a pod has logged, as far as it can be had now."""
    return kubectl(f"logs -n {HOME} {pod}").out
