"""The agents of the chart on a real node: what they tell, what they put there, and what runs under it."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.charts.helm import CHART, FULL_NAME, RELEASE, Ran, helm
from tests.e2e.api import JSON, MERGE_PATCH, Answer, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import NodeCluster
from tests.e2e.images import REPOSITORY, TAG, shipped
from tests.e2e.kubectl import Kubectl
from tests.e2e.node import SHELL, Node
from tests.e2e.objects import namespace
from tests.e2e.processes import wait_for
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import report_from

HOME = "node-agents"
AGENT = f"{FULL_NAME}-agent"
SHOP = "agent-shop"
PLACE = "apis/seccomp-webhook.io/v1alpha1/nodeprofiles"
LABEL = "profile.seccomp-webhook.io/"
STEPS = Path(__file__).with_name("tutorials") / "seccomp"
PROFILES = STEPS / "profiles"
TUTORIAL = {f"profiles/{file.name}": json.loads(file.read_text()) for file in PROFILES.iterdir()}
LONG = "180s"


class Agents:
    """The release with agents, in a cluster whose webhook is another one."""

    def __init__(self, cluster: WebhookCluster, node: Node, folder: Path) -> None:
        self.cluster = cluster
        self.node = node
        self.kubectl = Kubectl(cluster.plane.kubeconfig)
        self._environment = {"KUBECONFIG": str(cluster.plane.kubeconfig), "HOME": str(folder)}
        self.values: Manifest = {
            "image": {"repository": REPOSITORY, "tag": TAG, "pullPolicy": "Never"},
            "extraEnv": [
                {"name": "KUBERNETES_SERVICE_HOST", "value": cluster.plane.gateway},
                {"name": "KUBERNETES_SERVICE_PORT", "value": str(cluster.plane.port)},
            ],
            "mode": "audit",
            "replicas": 1,
            "preStopSeconds": 1,
            "localhostProfiles": {"enabled": True},
            "agent": {
                "enabled": True,
                "seccompDir": str(node.profiles),
                "interval": "5s",
                "extraArgs": ["--spread=0s"],
            },
        }

    def __call__(self, verb: str, values: Manifest | None = None, **agent: Any) -> Ran:  # noqa: ANN401 - of any kind
        """Run ``helm <verb>``, with *values*, and *agent* for the agents, on top."""
        chart = [str(CHART), "-f", "-"] if verb != "uninstall" else []
        values = {**self.values, **(values or {}), "agent": {**self.values["agent"], **agent}}
        return helm(
            verb, RELEASE, *chart, "--namespace", HOME, "--wait", "--timeout", LONG,
            environment=self._environment, values=yaml.safe_dump(values),
        )  # fmt: skip

    def good(self, verb: str, values: Manifest | None = None, **agent: Any) -> None:  # noqa: ANN401 - as above
        ran = self(verb, values, **agent)
        assert ran.status == 0, f"{ran.err}\n{self.kubectl(f'get pods,events -n {HOME}').out}\n{self.logs()}"

    def answer(self) -> Answer:
        return self.cluster.admin.ask("GET", f"{PLACE}/{self.node.name}")

    def report(self) -> NodeReport:
        """What is published of the node; nothing at all where nothing is."""
        answer = self.answer()
        return report_from(self.node.name, answer.body.get("status", {}) if answer.code == 200 else {})

    def paths(self) -> list[str]:
        return [file.path for file in self.report().seccomp]

    def until(self, true: Callable[[], bool], words: str) -> None:
        try:
            wait_for(true, words)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.answer().body}\n{self.logs()}") from error

    def logs(self) -> str:
        component = "-l app.kubernetes.io/component=agent"
        return self.kubectl(f"logs -n {HOME} {component} --tail 50").out

    def as_the_agent(self, method: str, path: str, body: Manifest) -> Answer:
        """What the API server answers to who has taken over the node, and has the agent's token."""
        identity = {
            "Impersonate-User": f"system:serviceaccount:{HOME}:{AGENT}",
            "Impersonate-Extra-authentication.kubernetes.io%2Fnode-name": self.node.name,
            "Content-Type": MERGE_PATCH if method == "PATCH" else JSON,
        }
        return self.cluster.admin.ask(method, path, body, headers=identity)

    def labels(self) -> dict[str, str]:
        found = self.cluster.admin.get({"kind": "Node", "metadata": {"name": self.node.name}}).good()
        labels = found.body["metadata"]["labels"]
        return {key: value for key, value in labels.items() if key.startswith(LABEL)}


@pytest.fixture(scope="module")
def agents(nodes: NodeCluster, place: Path) -> Iterator[Agents]:
    """Agents on the node, which tell."""
    cluster, node = nodes
    node.load(shipped(place))
    agents = Agents(cluster, node, place)
    cluster.admin.create(namespace(HOME)).good()
    cluster.admin.create(namespace(SHOP)).good()
    agents.good("install")
    agents.until(lambda: agents.answer().code == 200, "the node is told of")
    yield agents
    agents("uninstall")
    for each in node.profiles.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def put(agents: Agents, name: str) -> None:
    """Put a profile of the tutorial on the node, by hand."""
    place = agents.node.profiles / "profiles" / name
    place.parent.mkdir(exist_ok=True)
    shutil.copy(PROFILES / name, place)


def test_an_agent_tells_what_the_node_is_and_holds(agents: Agents) -> None:
    put(agents, "audit.json")
    agents.until(lambda: agents.paths() == ["profiles/audit.json"], "the profile is told of")

    report = agents.report()
    (file,) = report.seccomp
    assert (file.size, file.error) == ((PROFILES / "audit.json").stat().st_size, "")
    # It lets everything pass, and logs it.
    assert file.profile_class == "none"
    assert report.runtime == "containerd"
    assert report.runtime_version[0].isdigit()
    assert report.architecture in {"amd64", "arm64"}
    assert report.kernel


def test_what_is_published_goes_with_the_node(agents: Agents) -> None:
    (owner,) = agents.answer().good().body["metadata"]["ownerReferences"]
    node = agents.cluster.admin.get({"kind": "Node", "metadata": {"name": agents.node.name}}).good().body
    assert (owner["kind"], owner["uid"]) == ("Node", node["metadata"]["uid"])


def test_nothing_is_written_where_nothing_changes(agents: Agents) -> None:
    put(agents, "audit.json")
    agents.until(lambda: agents.paths() == ["profiles/audit.json"], "the profile is told of")
    before = agents.answer().body["metadata"]["resourceVersion"]
    put(agents, "audit.json")
    # Long enough for a check of everything.
    time.sleep(8)

    assert agents.answer().body["metadata"]["resourceVersion"] == before


def test_an_object_that_is_deleted_is_made_again(agents: Agents) -> None:
    agents.cluster.admin.ask("DELETE", f"{PLACE}/{agents.node.name}").good()
    agents.until(lambda: agents.answer().code == 200, "it is made again")


def test_a_folder_that_is_deleted_and_made_again_is_told_of(agents: Agents) -> None:
    shutil.rmtree(agents.node.profiles)
    agents.node.profiles.mkdir()
    put(agents, "fine-grained.json")
    agents.until(lambda: agents.paths() == ["profiles/fine-grained.json"], "the new folder is told of")


def test_an_agent_may_write_of_no_other_node(agents: Agents) -> None:
    other = {
        "apiVersion": "seccomp-webhook.io/v1alpha1",
        "kind": "NodeProfiles",
        "metadata": {"name": "other"},
    }
    refused = agents.as_the_agent("POST", PLACE, other)
    assert refused.code == 403
    assert "an agent may only write of the node that it runs on" in refused.message
    other["metadata"] = {"name": agents.node.name}
    assert agents.as_the_agent("POST", PLACE, other).code == 409


def test_nodes_are_labeled_where_that_is_asked_for(agents: Agents) -> None:
    put(agents, "audit.json")
    agents.good("upgrade", labelNodes=True)
    agents.until(lambda: f"{LABEL}profiles__audit.json" in agents.labels(), "the node is labeled")
    digest = next(file.digest for file in agents.report().seccomp if file.path == "profiles/audit.json")
    assert digest.startswith(f"sha256:{agents.labels()[f'{LABEL}profiles__audit.json']}")
    for change in (
        {"metadata": {"labels": {"pool": "mine"}}},
        {"metadata": {"labels": {"kubernetes.io/os": None}}},
        {"metadata": {"annotations": {"a": "b"}}},
        {"spec": {"unschedulable": True}},
    ):
        refused = agents.as_the_agent("PATCH", f"api/v1/nodes/{agents.node.name}", change)
        assert "an agent may only change the labels profile.seccomp-webhook.io/" in refused.message
    (agents.node.profiles / "profiles" / "audit.json").unlink()
    agents.until(lambda: f"{LABEL}profiles__audit.json" not in agents.labels(), "the label is taken away")


@pytest.fixture(scope="module")
def installed(agents: Agents) -> Agents:
    """Agents that put the profiles of the tutorial on the node."""
    shutil.rmtree(agents.node.profiles / "profiles", ignore_errors=True)
    (agents.node.profiles / "mine.json").write_text('{"defaultAction": "SCMP_ACT_LOG"}')
    agents.good("upgrade", installer={"enabled": True}, profiles=TUTORIAL)
    agents.until(lambda: agents.paths() == ["mine.json", *sorted(TUTORIAL)], "they are installed and told of")
    return agents


def test_the_installer_puts_profiles_where_pods_name_them(installed: Agents) -> None:
    for path, profile in TUTORIAL.items():
        file = installed.node.profiles / path
        assert json.loads(file.read_text()) == profile
        assert (file.stat().st_mode & 0o777, file.stat().st_uid) == (0o644, 0)
    assert all(not file.error for file in installed.report().seccomp)


def applied(agents: Agents, name: str) -> Manifest:
    """The tutorial's pod, with a program that is there, run as somebody who may do nothing."""
    pod: Manifest = yaml.safe_load((STEPS / f"{name}.yaml").read_text())
    pod["metadata"]["namespace"] = SHOP
    pod["spec"]["terminationGracePeriodSeconds"] = 0
    (container,) = pod["spec"]["containers"]
    del container["args"]
    container["image"] = SHELL
    container["securityContext"] |= {"runAsUser": 1000}
    wait_for(lambda: agents.cluster.admin.create(pod).code in {201, 409}, "the account is there")
    return pod


def run(agents: Agents, pod: Manifest, command: str) -> tuple[str, str]:
    """What *command* prints in the container of *pod*, once that runs."""
    name = pod["metadata"]["name"]
    assert agents.kubectl(f"wait pod {name} -n {SHOP} --for condition=Ready --timeout 60s").status == 0
    told = agents.kubectl(f"exec -n {SHOP} {name} -- {command}")
    return told.out, told.err


def test_pods_of_the_tutorial_run_under_what_was_installed(installed: Agents) -> None:
    audit, fine = applied(installed, "audit-pod"), applied(installed, "fine-pod")

    assert run(installed, audit, "grep Seccomp: /proc/1/status") == ("Seccomp:\t2\n", "")
    assert run(installed, audit, "mkdir /tmp/x") == ("", "")
    assert run(installed, fine, "grep Seccomp: /proc/1/status") == ("Seccomp:\t2\n", "")
    assert "Operation not permitted" in run(installed, fine, "mkdir /tmp/x")[1]


def test_the_pod_whose_profile_denies_everything_does_not_start(installed: Agents) -> None:
    pod = applied(installed, "violation-pod")

    def reason() -> str:
        status = installed.cluster.admin.get(pod).good().body["status"]
        state = status.get("containerStatuses", [{}])[0].get("lastState", {})
        return str(state.get("terminated", {}).get("reason"))

    wait_for(lambda: reason() == "StartError", "it fails to start")
    installed.cluster.admin.delete(pod).good()


@pytest.mark.skipif(
    find_spec("webhook.nodes.presence") is None, reason="this webhook does not judge profiles of nodes"
)
def test_a_pod_whose_profile_no_node_holds_is_refused_before_it_is_anywhere(installed: Agents) -> None:
    """Agent, object, webhook and admission, all of them from the chart."""
    enforcing = {
        "mode": "enforce",
        "webhooks": {"failurePolicy": "Ignore"},
        "configuration": {"localhostProfiles": {"mode": "enforce"}},
    }
    installed.good("upgrade", enforcing, installer={"enabled": True}, profiles=TUTORIAL)
    audit = applied(installed, "audit-pod")
    missing = {**audit, "metadata": {**audit["metadata"], "name": "missing"}}
    missing["spec"] = json.loads(
        json.dumps(audit["spec"]).replace("profiles/audit.json", "profiles/audid.json")
    )

    # While the earlier webhook goes, it may be the one that is asked, or nobody is: then all are let in.
    answers: list[Answer] = []

    def is_refused() -> bool:
        answers.append(installed.cluster.admin.create(missing, dry_run=True))
        return answers[-1].code == 403

    installed.until(is_refused, "the webhook is called and knows the node")
    assert '"profiles/audid.json"' in answers[-1].message
    assert "did you mean profiles/audit.json" in answers[-1].message
    missing["spec"] = audit["spec"]
    assert installed.cluster.admin.create(missing, dry_run=True).code == 201


def test_what_is_wanted_no_longer_goes_when_no_pod_uses_it(installed: Agents) -> None:
    audit = applied(installed, "audit-pod")
    run(installed, audit, "true")
    installed.cluster.admin.delete(applied(installed, "fine-pod")).good()
    installed.good("upgrade", installer={"enabled": True}, profiles={})
    installed.until(
        lambda: installed.paths() == ["mine.json", "profiles/audit.json"], "one pod uses one of them"
    )
    installed.cluster.admin.delete(audit).good()
    installed.until(lambda: installed.paths() == ["mine.json"], "no pod uses it")

    assert (installed.node.profiles / "mine.json").exists()


def test_loaded_app_armor_profiles_are_told_of(agents: Agents) -> None:
    listed = Path("/sys/kernel/security/apparmor/profiles")
    if not listed.exists():
        assert agents.report().app_armor is None
        pytest.skip(f"this kernel has no AppArmor: there is no {listed}")
    names = {line.rpartition(" (")[0] for line in listed.read_text().splitlines()}
    assert {profile.name for profile in agents.report().app_armor or ()} == names
