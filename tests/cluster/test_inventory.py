"""Nodes and what they hold, followed through a real connection."""

from typing import Any

import pytest

from tests.cluster.api_server import ApiServer
from tests.cluster.conftest import Follow, Running
from webhook.cluster import Access
from webhook.nodes.inventory import Snapshot

NODES = "/api/v1/nodes"
PROFILES = "/apis/seccomp-webhook.io/v1alpha1/nodeprofiles"
OPERATOR = "/apis/security-profiles-operator.x-k8s.io"
V1 = (f"{OPERATOR}/v1/seccompprofiles", f"{OPERATOR}/v1/securityprofilenodestatuses")
BETA = (f"{OPERATOR}/v1beta1/seccompprofiles", f"{OPERATOR}/v1alpha1/securityprofilenodestatuses")
FOLLOWED = ("nodes", "node profiles")


def node(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "labels": {"zone": "a"}}, "spec": {}}


def holds(name: str, *paths: str) -> dict[str, Any]:
    digest = f"sha256:{'0' * 64}"
    return {
        "metadata": {"name": name},
        "status": {"seccomp": [{"path": path, "digest": digest, "size": 1} for path in paths]},
    }


def installed(node: str, profile: str) -> dict[str, Any]:
    labels = {"spo.x-k8s.io/node-name": node, "spo.x-k8s.io/profile-state": "Installed"}
    owner = {"kind": "SeccompProfile", "name": profile}
    return {"metadata": {"name": f"{profile}-{node}", "labels": labels, "ownerReferences": [owner]}}


def paths_on(snapshot: Snapshot, node: str) -> tuple[str, ...] | None:
    holding = snapshot.holding(node)
    return None if holding is None else holding.paths


def followed(running: Running) -> Running:
    running.ready().follow_nodes(wanted=True)
    return running


def until_known(running: Running, *called: str) -> None:
    for each in called or FOLLOWED:
        running.until(lambda each=each: None in running.witness.of(each).behind)  # type: ignore[misc]  # a lambda of its own each time


def said(running: Running) -> list[str]:
    return [line for each in running.witness.others.values() for line in each.lines]


def test_what_nodes_hold_is_known_as_it_comes_and_goes(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.serve(NODES, PROFILES)
    for number in range(120):
        server.place(NODES, node(f"n{number}"))
        server.place(PROFILES, holds(f"n{number}", "web.json"))
    running = followed(follow(access))
    until_known(running)
    cluster = running.cluster
    assert len(list(cluster.inventory().nodes())) == 120
    assert paths_on(cluster.inventory(), "n119") == ("web.json",)
    assert cluster.inventory().holding("n1") is cluster.inventory().holding("n2"), "one copy for all"

    server.place(PROFILES, holds("n1", "web.json", "logs.json"))
    running.until(lambda: paths_on(cluster.inventory(), "n1") == ("logs.json", "web.json"))
    server.take(PROFILES, "n1")
    running.until(lambda: paths_on(cluster.inventory(), "n1") is None)
    server.take(NODES, "n1")
    running.until(lambda: len(list(cluster.inventory().nodes())) == 119)
    assert running.witness.asks["list nodes", "200"] == 2
    assert running.witness.asks["list nodeprofiles.seccomp-webhook.io", "200"] == 3
    assert "info: following nodes; 120 are known" in said(running)
    assert "info: following node profiles; 120 are known" in said(running)
    assert (running.witness.of("nodes").number, running.witness.of("node profiles").number) == (119, 119)


def test_nobody_asks_for_nodes_before_it_is_wanted(server: ApiServer, access: Access, follow: Follow) -> None:
    server.serve(NODES, PROFILES)
    server.place(NODES, node("n1"))
    cluster = follow(access).ready()

    assert cluster.inventory() == Snapshot()
    assert not any("nodes" in path for path, _ in server.requests)


def test_it_is_switched_off_and_on_while_it_runs(server: ApiServer, access: Access, follow: Follow) -> None:
    server.serve(NODES, PROFILES)
    server.place(NODES, node("n1"))
    running = followed(follow(access))
    until_known(running)
    running.cluster.follow_nodes(wanted=False)
    assert running.cluster.inventory() == Snapshot()
    server.place(NODES, node("n2"))
    running.cluster.follow_nodes(wanted=True)
    running.until(lambda: len(list(running.cluster.inventory().nodes())) == 2)


@pytest.mark.parametrize("verb", ["list", "watch"])
@pytest.mark.parametrize("resource", ["nodes", "nodeprofiles.seccomp-webhook.io"])
def test_without_a_permission_it_is_ready_all_the_same_and_says_which(
    server: ApiServer, access: Access, follow: Follow, verb: str, resource: str
) -> None:
    server.serve(NODES, PROFILES)
    server.place(NODES, node("n1"))
    server.place(PROFILES, holds("n1", "web.json"))
    server.forbidden.add(f"{verb} {resource}")
    running = followed(follow(access))
    words = f"missing permission: {verb} {resource}: "
    running.until(lambda: any(words in line for line in said(running)))
    assert running.cluster.waits_for() is None

    server.forbidden.clear()
    until_known(running)
    assert paths_on(running.cluster.inventory(), "n1") == ("web.json",)


def test_where_nobody_has_defined_what_nodes_hold_that_is_said_and_no_fault(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.serve(NODES)
    server.place(NODES, node("n1"))
    running = followed(follow(access))
    until_known(running)

    assert paths_on(running.cluster.inventory(), "n1") is None
    lines = said(running)
    assert [line for line in lines if "nobody says which profiles nodes hold" in line]
    assert not [line for line in lines if not line.startswith("info: ")]


@pytest.mark.parametrize(("paths", "namespace"), [(V1, ""), (BETA, "shop")])
def test_the_operator_is_asked_in_the_version_that_there_is(
    server: ApiServer, access: Access, follow: Follow, paths: tuple[str, str], namespace: str
) -> None:
    server.serve(NODES, *paths)
    server.place(NODES, node("n1"))
    server.place(NODES, node("n2"))
    profile = {"metadata": {"name": "web", "namespace": namespace}, "status": {"status": "Installed"}}
    server.place(paths[0], profile)
    status = installed("n1", "web")
    status["metadata"]["namespace"] = namespace
    server.place(paths[1], status)
    running = followed(follow(access))
    path = f"operator/{namespace}/web.json" if namespace else "operator/web.json"
    running.until(lambda: paths_on(running.cluster.inventory(), "n1") == (path,))
    running.until(lambda: paths_on(running.cluster.inventory(), "n2") is None)
    server.take(paths[1], "web-n1")
    server.place(
        paths[1],
        {
            **installed("n2", "web"),
            "metadata": {**installed("n2", "web")["metadata"], "namespace": namespace},
        },
    )
    running.until(lambda: paths_on(running.cluster.inventory(), "n2") == (path,))
    assert paths_on(running.cluster.inventory(), "n1") is None
    reduced = [headers["Accept"] for at, headers in server.requests if at.startswith(paths[1])]
    assert all("as=PartialObjectMetadata" in each for each in reduced)


def test_a_report_that_nobody_can_read_is_told_and_is_no_reason_to_doubt_the_others(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.serve(NODES, PROFILES)
    server.place(PROFILES, holds("n1", "web.json"))
    server.place(PROFILES, {"metadata": {"name": "n2"}, "status": {"seccomp": "all"}})
    server.place(PROFILES, {"metadata": {"name": "n3"}})
    running = followed(follow(access))
    until_known(running)
    snapshot = running.cluster.inventory()

    assert [paths_on(snapshot, name) for name in ("n1", "n2", "n3")] == [("web.json",), None, None]
    assert running.witness.of("node profiles").number == 1
    assert any("the report of node 'n2' cannot be read" in line for line in said(running))
