"""Through a real connection: what is sent, what is read, and what becomes of faults."""

import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from certs import Names, self_signed
from tests.cluster.api_server import PREFIX, ApiServer
from tests.cluster.conftest import Follow, kubeconfig
from webhook.admission import LookupFailed, NamespaceNotFound, PodListFailed
from webhook.cluster import Access, LiveCluster

RESTRICTED = {f"{PREFIX}enforce": "restricted"}


def level_of(cluster: LiveCluster, name: str) -> str:
    return cluster.labels_of(name).get(f"{PREFIX}enforce", "")


def test_namespaces_are_listed_in_parts_reduced_to_metadata_and_then_watched(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    for number in range(1001):
        server.put(f"shop-{number}", enforce="restricted", warn="baseline")
    running = follow(access)
    cluster = running.ready()
    server.put("new", enforce="baseline")
    running.until(lambda: running.witness.number == 1002)

    assert cluster.labels_of("shop-1000") == RESTRICTED | {f"{PREFIX}warn": "baseline"}
    assert cluster.labels_of("shop-0") is cluster.labels_of("shop-1000"), "one copy for all"
    assert level_of(cluster, "new") == "baseline"
    assert running.witness.asks["list namespaces", "200"] == 3
    lists = [headers for path, headers in server.requests if "limit=500" in path]
    assert lists[0]["Accept"].startswith("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
    [watch] = [(path, headers) for path, headers in server.requests if "watch=true" in path]
    asked = parse_qs(urlsplit(watch[0]).query)
    assert (asked["allowWatchBookmarks"], asked["resourceVersion"]) == (["true"], ["2001"])
    assert watch[1]["Accept"].startswith("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
    assert watch[1]["Authorization"] == "Bearer good"
    assert watch[1]["User-Agent"].startswith("seccomp-webhook/")


def test_changes_come_through_and_what_is_gone_is_gone(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    running = follow(access)
    cluster = running.ready()
    assert level_of(cluster, "shop") == ""
    server.put("shop", enforce="restricted")
    running.until(lambda: level_of(cluster, "shop") == "restricted")
    server.remove("shop")
    running.until(lambda: running.witness.number == 0)
    with pytest.raises(NamespaceNotFound):
        cluster.labels_of("shop")


def test_a_namespace_that_is_used_before_it_is_heard_of_is_found(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    running = follow(access)
    cluster = running.ready()
    for number in range(100):
        server.put(f"new-{number}", enforce="restricted")
        assert level_of(cluster, f"new-{number}") == "restricted"


@pytest.mark.parametrize("forgotten", ["nothing", "all"])
def test_a_watch_that_is_cut_is_taken_up_again(
    server: ApiServer, access: Access, follow: Follow, forgotten: str
) -> None:
    server.put("shop")
    server.put("gone")
    running = follow(access)
    cluster = running.ready()
    server.forbidden.add("watch namespaces")
    server.cut()
    running.until(lambda: ("watch namespaces", "403") in running.witness.asks)
    server.remove("gone")
    server.put("shop", enforce="restricted")
    if forgotten == "all":
        server.cut(forget=True)
    server.forbidden.clear()
    running.until(lambda: running.witness.number == 1)
    running.until(lambda: running.witness.behind[-1] is None)
    assert level_of(cluster, "shop") == "restricted"


def test_while_nobody_follows_changes_count_all_the_same(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    running = follow(access)
    cluster = running.ready()
    server.forbidden.add("watch namespaces")
    server.cut()
    running.until(lambda: running.witness.behind[-1])
    server.put("shop", enforce="restricted")
    running.until(lambda: level_of(cluster, "shop") == "restricted")
    assert any("missing permission: watch namespaces" in line for line in running.witness.lines)


def test_without_an_api_server_what_is_known_goes_on_and_it_is_found_when_it_is_back(
    server: ApiServer, access: Access, follow: Follow, tls: Path
) -> None:
    server.put("shop", enforce="restricted")
    running = follow(access)
    cluster = running.ready()
    server.stop()
    running.until(lambda: any("connection refused" in line for line in running.witness.lines))
    assert level_of(cluster, "shop") == "restricted"
    with pytest.raises(LookupFailed, match="get namespaces: connection refused: nothing listens at"):
        cluster.labels_of("other")
    again = ApiServer(tls, server.port)
    again.put("other", enforce="baseline")
    running.until(lambda: running.witness.behind[-1] is None)
    running.until(lambda: level_of(cluster, "other") == "baseline")
    again.stop()


@pytest.mark.parametrize("wanted", ["list namespaces", "watch namespaces"])
def test_it_is_not_ready_without_a_permission_and_says_which(
    server: ApiServer, access: Access, follow: Follow, wanted: str
) -> None:
    server.forbidden.add(wanted)
    running = follow(access)
    running.until(lambda: f"missing permission: {wanted}" in (running.cluster.waits_for() or ""))
    server.forbidden.clear()
    running.ready()


@pytest.mark.parametrize("wanted", ["get namespaces", "list pods"])
def test_a_permission_that_is_needed_now_and_then_is_missed_at_the_start(
    server: ApiServer, access: Access, follow: Follow, wanted: str
) -> None:
    server.forbidden.add(wanted)
    running = follow(access)
    words = f"error: missing permission: {wanted}: "
    running.until(lambda: any(line.startswith(words) for line in running.witness.lines))
    cluster = running.ready()
    if wanted == "list pods":
        with pytest.raises(PodListFailed, match="missing permission: list pods"):
            list(cluster.pods_in("shop", time.monotonic() + 1))
    else:
        with pytest.raises(LookupFailed, match="missing permission: get namespaces"):
            cluster.labels_of("shop")


def test_pods_are_listed_in_parts_with_a_time_for_the_server(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    server.pods["shop"] = [
        {"metadata": {"name": f"cart-{at}"}, "spec": {"containers": [{"name": "cart"}], "nodeName": "n"}}
        for at in range(4000)
    ]
    cluster = follow(access).ready()
    listed = cluster.pods_in("shop", time.monotonic() + 15.0)
    pods = list(islice(listed, 3000))

    assert listed.left_out == 1000
    assert [pods[0].metadata.name, pods[2999].metadata.name] == ["cart-0", "cart-2999"]
    paths = [path for path, _ in server.requests if path.startswith("/api/v1/namespaces/shop/pods")]
    assert len(paths) == 6
    assert parse_qs(urlsplit(paths[0]).query)["timeoutSeconds"] == ["11"]


def test_a_list_that_nobody_takes_to_its_end_is_in_nobodys_way(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    server.pods["shop"] = [{"metadata": {"name": f"cart-{at}"}, "spec": {}} for at in range(1000)]
    cluster = follow(access).ready()
    for _ in range(5):
        for pod in cluster.pods_in("shop", time.monotonic() + 15.0):
            assert pod.metadata.name == "cart-0"
            break


def test_an_answer_that_does_not_come_is_not_waited_for(
    server: ApiServer, access: Access, follow: Follow
) -> None:
    server.put("shop")
    cluster = follow(access).ready()
    server.stalls = True
    with pytest.raises(PodListFailed, match=r"list pods: no answer from .* in time"):
        list(cluster.pods_in("shop", time.monotonic() + 0.2))
    with pytest.raises(LookupFailed, match=r"get namespaces: no answer from .* in time"):
        cluster.labels_of("other")
    with server.condition:
        server.stalls = False
        server.condition.notify_all()


def test_connections_are_used_again(server: ApiServer, access: Access, follow: Follow) -> None:
    server.put("shop")
    cluster = follow(access).ready()
    before = server.connections
    for _ in range(20):
        with pytest.raises(NamespaceNotFound):
            cluster.labels_of("other")
    assert server.connections - before <= 2


def test_an_authority_that_is_not_the_servers_is_not_trusted(
    server: ApiServer, tmp_path: Path, follow: Follow
) -> None:
    other = self_signed(tmp_path / "other", Names(), now=datetime.now(UTC))
    running = follow(Access.of_kubeconfig(str(kubeconfig(tmp_path, server.url, other.authority))))
    running.until(lambda: "is not trusted: " in (running.cluster.waits_for() or ""))
