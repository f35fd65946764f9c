"""The very chart and image in a real cluster: installed, upgraded, rolled back, tested and removed."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import get_server_certificate
from typing import Any

import pytest
import yaml

from tests.charts.helm import CHART, FULL_NAME, RELEASE, Ran, helm
from tests.e2e.api import Answer, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.images import REPOSITORY, TAG, shipped
from tests.e2e.kubectl import Kubectl
from tests.e2e.load import load
from tests.e2e.node import SHELL
from tests.e2e.objects import bad_spec, good_spec, namespace, plain_spec, pod, workload
from tests.e2e.processes import wait_for
from webhook import admission

HOME = "pod-security"
PORT = 8443
STRICT = "chart-strict"
SECRET = "webhook-tls"  # noqa: S105 - its name
CONFIGURATION = {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": FULL_NAME}}
DEPLOYMENT = {"kind": "Deployment", "metadata": {"name": FULL_NAME, "namespace": HOME}}
SERVING = {"kind": "Secret", "metadata": {"name": f"{FULL_NAME}-serving", "namespace": HOME}}
LONG = "180s"
# A rotation that need not be waited for.
TIMES = ["--short-times", "--soak=8s", "--leaf-lifetime=1h", "--authority-lifetime=4h", "--interval=5s"]
# The kubelet looks at a Secret once a minute, and some.
KUBELET = 200.0


class Chart:
    """The release in the cluster."""

    def __init__(self, cluster: WebhookCluster, folder: Path) -> None:
        self.cluster = cluster
        self.kubectl = Kubectl(cluster.plane.kubeconfig)
        self._environment = {"KUBECONFIG": str(cluster.plane.kubeconfig), "HOME": str(folder)}
        # There is no proxy of services here: this is where the API server is.
        self.values: Manifest = {
            "image": {"repository": REPOSITORY, "tag": TAG, "pullPolicy": "Never"},
            "certificates": {"controller": {"extraArgs": TIMES}},
            "extraEnv": [
                {"name": "KUBERNETES_SERVICE_HOST", "value": cluster.plane.gateway},
                {"name": "KUBERNETES_SERVICE_PORT", "value": str(cluster.plane.port)},
            ],
            "minReadySeconds": 1,
            "preStopSeconds": 5,
        }

    def __call__(self, verb: str, *arguments: str, **values: Any) -> Ran:  # noqa: ANN401 - values of any kind
        """Run ``helm <verb>`` on the release; verbs that render get the values, those of the test on top."""
        renders = verb in {"install", "upgrade", "template"}
        chart = [str(CHART), "-f", "-"] if renders else []
        if verb != "template":
            arguments = (*arguments, "--timeout", LONG)
        return helm(
            verb, RELEASE, *chart, "--namespace", HOME, *arguments,
            environment=self._environment, values=yaml.safe_dump({**self.values, **values}),
        )  # fmt: skip

    def good(self, verb: str, *arguments: str, **values: Any) -> str:  # noqa: ANN401 - as above
        ran = self(verb, *arguments, **values)
        assert ran.status == 0, f"{ran.err}\n{self.kubectl(f'get pods,events -n {HOME}').out}"
        return ran.out

    def configuration(self) -> Manifest:
        found: Manifest = self.cluster.admin.get(CONFIGURATION).good().body
        return found

    def refused(self) -> Answer:
        return self.cluster.admin.create(pod("insecure", STRICT, bad_spec()), dry_run=True)

    def pods(self) -> list[Manifest]:
        return self.cluster.admin.items("Pod", HOME)

    def scale(self, replicas: int) -> None:
        self.kubectl(f"scale deployment {FULL_NAME} -n {HOME} --replicas {replicas}")
        wait_for(lambda: self._is_scaled(replicas), f"there are {replicas} webhooks")

    def _is_scaled(self, replicas: int) -> bool:
        ready = self.cluster.admin.get(DEPLOYMENT).good().body["status"].get("readyReplicas", 0)
        return (len(self.servers()), ready) == (replicas, replicas)

    def servers(self) -> list[Manifest]:
        """The pods of the webhook, those that are ending too."""
        component = "app.kubernetes.io/component"
        return [each for each in self.pods() if each["metadata"]["labels"].get(component) == "server"]

    def addresses(self) -> list[tuple[str, int]]:
        """Where each webhook listens."""
        return [(each["status"]["podIP"], PORT) for each in self.servers()]


@pytest.fixture(scope="module")
def chart(nodes: NodeCluster, place: Path) -> Iterator[Chart]:
    """The release, installed into a cluster that has no other webhook."""
    cluster, node = nodes
    node.load(shipped(place))
    cluster.unregister()
    cluster.webhook.stop()
    chart = Chart(cluster, place)
    cluster.admin.create(namespace(HOME)).good()
    cluster.admin.create(namespace(STRICT, enforce="restricted")).good()
    chart.good("install", "--wait")
    wait_for(lambda: chart.refused().code == 403, "the webhook is called")
    yield chart
    chart("uninstall", "--wait")
    cluster.webhook.start()
    cluster.register()


def secret(cluster: WebhookCluster) -> Manifest:
    """The Secret from which the webhook serves."""
    files = cluster.plane.authority.issue("chart", "webhook", hosts=[f"{FULL_NAME}.{HOME}.svc"])
    files = (*files, cluster.plane.authority.certificate)
    data = {
        name: base64.b64encode(file.read_bytes()).decode()
        for name, file in zip(("tls.crt", "tls.key", "ca.crt"), files, strict=True)
    }
    metadata = {"name": SECRET, "namespace": HOME}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data}


def test_a_bad_pod_is_refused_and_a_good_one_runs_under_its_filter(chart: Chart) -> None:
    assert "denied the request" in chart.refused().message
    assert 'violates PodSecurity "restricted:latest"' in chart.refused().message
    spec = good_spec()
    spec["containers"][0] |= {"image": SHELL}
    spec["securityContext"] = {"runAsUser": 1000}
    chart.cluster.admin.create(pod("good", STRICT, spec)).good()
    assert chart.kubectl(f"wait pod good -n {STRICT} --for condition=Ready --timeout 60s").status == 0
    told = chart.kubectl(f"exec -n {STRICT} good -- grep Seccomp: /proc/1/status")
    assert told.out == "Seccomp:\t2\n", told.err
    chart.cluster.admin.delete(pod("good", STRICT, {})).good()


def test_two_webhooks_and_the_certificate_controller_run_and_none_had_to_start_again(chart: Chart) -> None:
    pods = chart.pods()
    assert len(pods) == 3
    assert all(each["status"]["containerStatuses"][0]["restartCount"] == 0 for each in pods)


def test_what_is_stored_is_what_was_rendered(chart: Chart) -> None:
    """A field that the API server fills in is a difference that a GitOps controller would fight for ever."""
    rendered = next(
        each
        for each in yaml.safe_load_all(chart.good("template"))
        if each and each["kind"] == CONFIGURATION["kind"]
    )
    stored = chart.configuration()
    for each in stored["webhooks"]:
        assert each["clientConfig"].pop("caBundle")
    assert stored["webhooks"] == rendered["webhooks"]


def test_the_api_server_takes_every_object_without_a_warning(chart: Chart) -> None:
    everything = {
        "mutation": {"enabled": True},
        "resourceQuota": {"enabled": True},
        "webhooks": {"breakGlass": {"enabled": True}},
    }
    rendered = chart.good("template", "--no-hooks", **everything)
    told = chart.kubectl("apply --dry-run=server --server-side --force-conflicts -f -", rendered)
    assert (told.status, told.err) == (0, "")


def test_helm_test_passes(chart: Chart) -> None:
    assert "Phase:          Succeeded" in chart.good("test")
    assert [each["metadata"]["name"] for each in chart.pods() if "test" in each["metadata"]["name"]] == []


def test_an_upgrade_and_a_rollback_fail_no_request_and_keep_the_bundle_of_its_owner(chart: Chart) -> None:
    before = chart.configuration()["webhooks"][0]["clientConfig"]["caBundle"]
    with load(chart.refused) as answers:
        chart.good(
            "upgrade",
            "--wait",
            podSecurity={"defaults": {"warn": "baseline"}},
            webhooks={"timeoutSeconds": 4},
        )
        upgraded = chart.configuration()["webhooks"]
        chart.good("rollback", "--wait")
        rolled_back = chart.configuration()["webhooks"]
    assert {answer.code for answer in answers} == {403}
    assert [each["timeoutSeconds"] for each in upgraded] == [4, 4]
    assert [each["timeoutSeconds"] for each in rolled_back] == [5, 5]
    assert {each["clientConfig"]["caBundle"] for each in (*upgraded, *rolled_back)} == {before}


def test_in_audit_mode_nothing_is_refused_and_everything_is_told(chart: Chart) -> None:
    chart.good("upgrade", "--wait", mode="audit")
    nonsense = namespace("never-made", enforce="nonsense")

    answer = chart.refused()
    assert answer.code == 201
    assert any("audit only, would be refused: pods" in each for each in answer.warnings)
    assert chart.cluster.admin.create(nonsense, dry_run=True).code == 201
    assert "Succeeded" in chart.good("test")
    chart.good("rollback", "--wait")
    assert chart.refused().code == 403


@pytest.mark.skipif(not hasattr(admission, "mutate"), reason="this webhook has no POST /mutate")
def test_a_pod_that_says_nothing_of_seccomp_gets_the_filter_of_the_runtime(chart: Chart) -> None:
    chart.good("upgrade", "--wait", mutation={"enabled": True})
    spec = plain_spec()
    spec["containers"][0] |= {"image": SHELL}
    plain = pod("plain", "open", spec)
    chart.cluster.admin.create(namespace("open"))

    def profile() -> str:
        made = chart.cluster.admin.create(plain, dry_run=True).good().body["spec"]["securityContext"]
        return str(made.get("seccompProfile", {}).get("type"))

    wait_for(lambda: profile() == "RuntimeDefault", "the webhook is trusted and called")
    chart.cluster.admin.create(plain).good()
    assert chart.kubectl("wait pod plain -n open --for condition=Ready --timeout 60s").status == 0
    told = chart.kubectl("exec -n open plain -- grep Seccomp: /proc/1/status")
    assert told.out == "Seccomp:\t2\n", told.err
    chart.cluster.admin.delete(plain).good()
    chart.good("rollback", "--wait")


@contextmanager
def without_webhooks(chart: Chart) -> Iterator[None]:
    """No webhook runs in the block; afterwards they are called again."""
    chart.scale(0)
    try:
        yield
    finally:
        chart.scale(2)
        wait_for(lambda: chart.refused().code == 403, "the webhooks are back")


def test_with_all_webhooks_gone_they_and_the_system_start_and_others_wait(chart: Chart) -> None:
    with without_webhooks(chart):
        spec = good_spec()
        system = chart.cluster.admin.create(pod("node-agent", "kube-system", spec), dry_run=True)
        other = chart.cluster.admin.create(pod("other", STRICT, spec), dry_run=True)
        deployed = chart.cluster.admin.create(workload("Deployment", "web", STRICT, spec), dry_run=True)

    assert (system.code, other.code, deployed.code) == (201, 500, 201)
    assert "failed calling webhook" in other.message


def test_after_a_power_cut_of_the_only_node_everything_comes_back_by_itself(
    chart: Chart, nodes: NodeCluster
) -> None:
    before = {each["metadata"]["name"] for each in chart.servers()}
    nodes.node.reboot()
    assert chart.refused().code == 500, "nothing runs yet"
    wait_for(lambda: chart.refused().code == 403, "the webhooks are back", KUBELET)
    assert {each["metadata"]["name"] for each in chart.servers()} == before


def test_a_namespace_can_be_deleted_while_no_webhook_runs(chart: Chart) -> None:
    made = namespace("short-lived", enforce="restricted")
    chart.cluster.admin.create(made).good()
    chart.cluster.admin.create(pod("good", "short-lived", good_spec())).good()
    with without_webhooks(chart):
        chart.cluster.admin.delete(made).good()
        wait_for(lambda: chart.cluster.admin.get(made).code == 404, "the namespace is gone")


def test_after_a_restart_of_the_api_server_the_webhook_is_called(chart: Chart) -> None:
    chart.cluster.plane.stop("kube-apiserver")
    chart.cluster.plane.start_api_server()
    wait_for(lambda: chart.refused().code == 403, "the webhook is called")


def test_broken_glass_lets_those_in_who_may_break_it(chart: Chart) -> None:
    chart.good("upgrade", "--wait", webhooks={"breakGlass": {"enabled": True}})
    # The administrator may do everything, and so this.
    wait_for(lambda: chart.refused().code == 201, "the condition holds")
    as_someone = "create -f - --dry-run=server --as alice"
    chart.kubectl("create clusterrolebinding alice --clusterrole edit --user alice")
    told = chart.kubectl(as_someone, json.dumps(pod("insecure", STRICT, bad_spec())))
    chart.kubectl("delete clusterrolebinding alice")
    assert "denied the request" in told.err
    chart.good("rollback", "--wait")
    wait_for(lambda: chart.refused().code == 403, "the condition is gone")


def test_an_authority_is_replaced_while_pods_are_made_and_no_request_fails(chart: Chart) -> None:
    def bundles() -> set[str]:
        return {each["clientConfig"]["caBundle"] for each in chart.configuration()["webhooks"]}

    def leaf() -> str:
        stored = chart.cluster.admin.get(SERVING).good().body["data"]["tls.crt"]
        return base64.b64decode(stored).decode().strip()

    def taken() -> bool:
        # Their logs do not tell: under load the kubelet begins a new file, and the line is in the old one.
        return {get_server_certificate(each).strip() for each in chart.addresses()} == {leaf()}

    before = bundles(), leaf()
    with load(chart.refused) as answers:
        done = subprocess.run(  # noqa: S603 - our own program
            [
                sys.executable, "-m", "webhook", "certs", "rotate", "--force=ca", f"--namespace={HOME}",
                f"--secret={FULL_NAME}-serving", f"--authority-secret={FULL_NAME}-authority",
                f"--service={FULL_NAME}", f"--validating={FULL_NAME}", *TIMES[:-1],
                f"--kubeconfig={chart.cluster.plane.kubeconfig}",
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        wait_for(lambda: leaf() != before[1], "a leaf of the next authority is made")
        wait_for(taken, "all webhooks serve it", KUBELET)
    assert bundles() != before[0]
    assert {answer.code for answer in answers} == {403}


def test_an_uninstall_needs_no_webhook_and_leaves_nothing(chart: Chart) -> None:
    chart.scale(0)
    chart.good("uninstall", "--wait")
    kinds = (
        "all,configmap,secret,serviceaccount,role,rolebinding,lease,poddisruptionbudget,networkpolicy,resourcequota,"
        "clusterrole,clusterrolebinding,validatingwebhookconfiguration,mutatingwebhookconfiguration"
    )
    listed = f"get {kinds} -A -l app.kubernetes.io/instance={RELEASE} -o name"
    # The garbage collector ends pods after their Deployments.
    wait_for(lambda: chart.kubectl(listed).out == "", "nothing is left")
    assert chart.kubectl(listed).status == 0
    assert chart.cluster.admin.items("Secret", HOME) == []
    assert chart.refused().code == 201


def test_the_bundle_of_a_secret_that_somebody_else_made_is_published(chart: Chart) -> None:
    chart.cluster.admin.create(secret(chart.cluster)).good()
    chart.good("install", "--wait", certificates={"mode": "existingSecret", "existingSecret": SECRET})
    wait_for(lambda: chart.refused().code == 403, "the webhook is called")
    bundle = base64.b64encode(chart.cluster.plane.authority.certificate.read_bytes()).decode()
    assert {each["clientConfig"]["caBundle"] for each in chart.configuration()["webhooks"]} == {bundle}
    chart.good("uninstall", "--wait")
    assert [each["metadata"]["name"] for each in chart.cluster.admin.items("Secret", HOME)] == [SECRET]
