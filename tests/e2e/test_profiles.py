"""Pods that use profiles of nodes, before a real API server: agents are played, and nodes have no kubelet."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.api import Answer, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.node_profiles import add_node, define, may_read_nodes, say, shipped, take_back
from tests.e2e.objects import namespace, pod, workload
from tests.e2e.processes import wait_for
from webhook.nodes.report import NodeReport, SeccompFile


def configure(folder: Path, mode: str) -> Path:
    """The configuration file, with *mode* from now on."""
    document = {
        "apiVersion": "seccomp-webhook.io/v1",
        "kind": "Configuration",
        "localhostProfiles": {"mode": mode},
    }
    place, draft = folder / "configuration.json", folder / "draft"
    draft.write_text(json.dumps(document))
    draft.replace(place)
    return place


class Nodes:
    """A cluster with the nodes a and b, and ways to ask for pods there."""

    def __init__(self, cluster: WebhookCluster, folder: Path) -> None:
        self.cluster = cluster
        self.folder = folder
        self.number = 0

    def hold(self, node: str, *files: tuple[str, str]) -> None:
        """Have a node hold files, each a path and a content."""
        listed = tuple(
            SeccompFile(path, f"sha256:{sha256(content.encode()).hexdigest()}", len(content))
            for path, content in files
        )
        say(self.cluster.admin, NodeReport(node, "containerd", "2.1.4", "6.18", "amd64", seccomp=listed))

    def ask(self, profile: str, **spec: Any) -> Answer:  # noqa: ANN401 - parts of a pod
        self.number += 1
        return self.cluster.admin.create(pod(f"pod-{self.number}", "profiles", localhost(profile, **spec)))

    def until(self, profile: str, words: str, **spec: Any) -> None:  # noqa: ANN401 - parts of a pod
        """Return when a pod with *profile* is refused with *words*, or, where there are none, let in."""

        def is_so() -> bool:
            answer = self.ask(profile, **spec)
            return answer.code == 403 and words in answer.message if words else answer.code == 201

        wait_for(is_so, f"{profile} is {words or 'let in'}", 30)


def localhost(profile: str, **spec: Any) -> Manifest:  # noqa: ANN401 - parts of a pod
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": profile}}
    return {"containers": [{"name": "web", "image": "web", "securityContext": context}], **spec}


@pytest.fixture(scope="module")
def nodes(place: Path) -> Iterator[Nodes]:
    need("etcd", "kube-apiserver")
    folder = place / "profiles"
    folder.mkdir()
    with WebhookCluster(folder, admission=configure(folder, "off")) as cluster:
        may_read_nodes(cluster.admin)
        cluster.admin.create(namespace("profiles")).good()
        for name, zone in (("a", "one"), ("b", "two")):
            add_node(cluster.admin, name, zone=zone)
        yield Nodes(cluster, folder)


def test_before_anybody_says_what_nodes_hold_all_are_let_in_and_told(nodes: Nodes) -> None:
    """The definition of the objects is not there either; it is found when nodes are looked at anew."""
    log = nodes.cluster.webhook.log
    assert nodes.ask("web.json").warnings == ()
    configure(nodes.folder, "enforce")
    wait_for(lambda: "nobody says which profiles nodes hold" in log(), "the definition is missed")
    wait_for(lambda: "following nodes; 2 are known" in log(), "nodes are followed")
    answer = nodes.ask("web.json").good()
    assert "was not looked for: nothing is known of it on 2 nodes (a, b)" in answer.warnings[0]
    assert nodes.cluster.webhook.is_ready()

    configure(nodes.folder, "off")
    wait_for(lambda: nodes.ask("web.json").warnings == (), "nothing is asked any more")
    define(nodes.cluster.admin)
    configure(nodes.folder, "enforce")
    wait_for(lambda: "following node profiles; 0 are known" in log(), "node profiles are followed")


def test_pods_are_refused_and_let_in_as_what_nodes_hold_comes_and_goes(nodes: Nodes) -> None:
    nodes.hold("a", ("web.json", "1"))
    nodes.hold("b")
    nodes.until(
        "web.json", 'seccomp profile "web.json": it is missing on 1 of 2 nodes the pod may be scheduled'
    )
    assert nodes.ask("web.json", nodeSelector={"zone": "one"}).code == 201, "it goes where the profile is"

    nodes.hold("b", ("web.json", "1"))
    nodes.until("web.json", "")
    nodes.hold("b", ("web.json", "2"))
    nodes.until("web.json", "it is not the same on all nodes")
    nodes.hold("b", ("shop/web.json", "1"))
    nodes.until("shop/web", "did you mean shop/web.json?")
    take_back(nodes.cluster.admin, "a")
    take_back(nodes.cluster.admin, "b")
    nodes.until("web.json", "")
    assert "nothing is known of it" in nodes.ask("web.json").warnings[0]


def test_a_new_node_counts_and_one_that_is_gone_does_not(nodes: Nodes) -> None:
    for name in "ab":
        nodes.hold(name, ("web.json", "1"))
    add_node(nodes.cluster.admin, "c")
    nodes.hold("c")
    nodes.until("web.json", "it is missing on 1 of 3 nodes the pod may be scheduled to (c)")
    nodes.cluster.admin.delete({"kind": "Node", "metadata": {"name": "c"}}).good()
    take_back(nodes.cluster.admin, "c")
    nodes.until("web.json", "")


def test_the_scan_tells_what_would_be_refused_now_and_what_nobody_uses(nodes: Nodes) -> None:
    for name in "ab":
        nodes.hold(name, ("web.json", "1"), ("old.json", "1"))
    nodes.until("web.json", "")
    admin = nodes.cluster.admin
    admin.create(workload("Deployment", "cart", "profiles", localhost("webb.json"))).good()
    admin.create(workload("CronJob", "nightly", "profiles", localhost("web.json"))).good()
    scan = subprocess.run(
        [sys.executable, "-m", "webhook", "scan", "--profiles", "-o", "json"],
        env={**os.environ, "KUBECONFIG": str(nodes.cluster.plane.kubeconfig)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(scan.stdout)

    assert (scan.returncode, scan.stderr) == (1, "")
    found = {each["object"]["name"]: each for each in report["results"]}
    assert found["cart"]["object"]["kind"] == "Deployment"
    assert "did you mean web.json?" in found["cart"]["violations"][0]["detail"]
    assert "nightly" not in found
    assert report["unused"] == [{"path": "old.json", "nodes": 2, "error": ""}]


@pytest.mark.parametrize(("resource", "group"), [("nodes", ""), ("nodeprofiles", "seccomp-webhook.io")])
@pytest.mark.parametrize("verb", ["list", "watch"])
def test_with_one_verb_less_it_says_which_is_missing(
    nodes: Nodes, resource: str, group: str, verb: str
) -> None:
    role = shipped("ClusterRole", "seccomp-webhook")
    for rule in role["rules"]:
        if rule["resources"] == [resource]:
            rule["verbs"] = [each for each in rule["verbs"] if each != verb]
    nodes.cluster.admin.apply(role).good()
    webhook = nodes.cluster.webhook
    webhook.stop()
    begun = len(webhook.log())
    webhook.start()
    words = f"missing permission: {verb} {resource}{f'.{group}' if group else ''}: "
    wait_for(lambda: words in webhook.log()[begun:], "it says what it lacks")
    assert webhook.is_ready()

    may_read_nodes(nodes.cluster.admin)
    words = f"following {'nodes' if resource == 'nodes' else 'node profiles'}; 2 are known"
    wait_for(lambda: words in webhook.log()[begun:], "it goes on by itself")
