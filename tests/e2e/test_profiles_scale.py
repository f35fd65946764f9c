"""Five thousand nodes with two hundred profiles each: what the webhook takes, and how far it is behind."""

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.e2e.api import JSON_PATCH, MERGE_PATCH, Api, Manifest
from tests.e2e.cluster import WebhookCluster
from tests.e2e.conftest import need
from tests.e2e.node_profiles import PATH, REDUCED, define, may_read_nodes
from tests.e2e.objects import namespace, pod
from tests.e2e.open_loop import percentile
from tests.e2e.processes import wait_for
from tests.e2e.test_profiles import configure, localhost
from webhook.nodes.report import NodeReport, SeccompFile
from webhook.nodes.wire import GROUP, KIND, VERSION, status_of

NODES = int(os.environ.get("E2E_PROFILE_NODES", "5000"))
PROFILES = 200
SECONDS = float(os.environ.get("E2E_PROFILE_SECONDS", "20"))
RATE = 1000
"""Changes in a second that are asked for; the API server takes what it can."""
WRITERS = 8
"""The client keeps ten connections: with more, each change would begin with one of its own."""
PATIENCE = 300.0
MEMORY = 100 * 1024 * 1024
PROBED = "node-0"


def digest(chance: random.Random) -> str:
    return f"sha256:{chance.getrandbits(256):064x}"


def report(name: str, *more: str) -> NodeReport:
    """What a node holds: the paths that all have, of contents that no other node has, which is the worst."""
    chance = random.Random(name)  # noqa: S311 - contents, not secrets
    paths = [f"team-{number % 20}/profile-{number:03}.json" for number in range(PROFILES)]
    files = tuple(SeccompFile(path, digest(chance), 4000, "stricter") for path in (*paths, *more))
    return NodeReport(name, "containerd", "2.1.4", "6.18.0", "amd64", seccomp_default=True, seccomp=files)


def status(api: Api, said: NodeReport) -> None:
    headers = {**REDUCED, "Content-Type": MERGE_PATCH}
    api.ask("PATCH", f"{PATH}/{said.node}/status", {"status": status_of(said)}, headers=headers).good()


def add(api: Api, number: int) -> None:
    """A node, and what it holds."""
    name = f"node-{number}"
    metadata = {"name": name, "labels": {"kubernetes.io/hostname": name, "zone": f"zone-{number % 3}"}}
    node = {"apiVersion": "v1", "kind": "Node", "metadata": metadata}
    api.ask("POST", "api/v1/nodes", node, headers=REDUCED).good()
    held = {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, "metadata": {"name": name}}
    api.ask("POST", PATH, held, headers=REDUCED).good()
    status(api, report(name))


def wanting(profile: str, **spec: object) -> Manifest:
    """A pod that may be scheduled to nodes without a kubelet."""
    toleration = {"key": "node.kubernetes.io/not-ready", "operator": "Exists"}
    return pod("web", "profiles", localhost(profile, tolerations=[toleration], **spec))


@pytest.fixture(scope="module")
def crowded(place: Path) -> Iterator[WebhookCluster]:
    """A cluster with many nodes that all say what they hold, of which the webhook is asked nothing yet."""
    need("etcd", "kube-apiserver")
    folder = place / "profiles-scale"
    folder.mkdir()
    with WebhookCluster(folder, admission=configure(folder, "off")) as cluster:
        may_read_nodes(cluster.admin)
        define(cluster.admin)
        cluster.admin.create(namespace("profiles")).good()
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(partial(add, cluster.admin), range(NODES)))
        yield cluster


def test_five_thousand_nodes_fit(crowded: WebhookCluster, announce: Callable[[str], None]) -> None:
    webhook = crowded.webhook
    # What reviews take anyway is there before.
    for _ in range(50):
        crowded.admin.create(wanting("team-0/profile-000.json"), dry_run=True).good()
    before = webhook.resident()
    since = time.monotonic()
    configure(webhook.folder.parent, "enforce")
    words = f"following node profiles; {NODES} are known"
    wait_for(lambda: words in webhook.log(), "all is known", PATIENCE)
    ready = time.monotonic() - since
    listed = webhook.resident()
    seconds = []
    for _ in range(100):
        since = time.monotonic()
        answer = crowded.admin.create(wanting("team-0/profile-000.json"), dry_run=True)
        seconds.append((time.monotonic() - since) * 1000)
        assert "it is not the same on all nodes" in answer.message
    after = webhook.resident()
    announce(
        f"{NODES} nodes with {PROFILES} profiles each, all different: known after {ready:.1f} s;"
        f" memory {before / 2**20:.0f} MiB without them, {listed / 2**20:.0f} when known,"
        f" {after / 2**20:.0f} in use; a pod on all of them: p50 {percentile(seconds, 50):.0f} ms,"
        f" p99 {percentile(seconds, 99):.0f} ms"
    )
    assert after - before < MEMORY


def test_a_thousand_changes_a_second_are_followed(
    crowded: WebhookCluster, announce: Callable[[str], None]
) -> None:
    configure(crowded.webhook.folder.parent, "enforce")
    over = Event()
    changed = [0] * WRITERS
    behind: list[float] = []
    most = crowded.webhook.resident()
    before = most
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = time.monotonic()
        writing = [pool.submit(write, crowded.admin, over, changed, writer) for writer in range(WRITERS)]
        while time.monotonic() - begun < SECONDS:
            behind.append(lag(crowded.admin, len(behind)))
            most = max(most, crowded.webhook.resident())
        over.set()
        rate = sum(changed) / (time.monotonic() - begun)
    for each in writing:
        each.result()
    announce(
        f"{rate:.0f} changes/s, as many as the API server takes: {len(behind)} of them seen by the webhook"
        f" after p50 {percentile(behind, 50):.0f} ms, p95 {percentile(behind, 95):.0f} ms,"
        f" at most {max(behind):.0f} ms; memory {before / 2**20:.0f} MiB before, at most {most / 2**20:.0f}"
    )
    for called in ("nodes", "node profiles"):
        stale = f'seccomp_webhook_inventory_stale_since_timestamp_seconds{{of="{called}"}} 0.0'
        assert stale in crowded.webhook.metrics()
    assert most - before < MEMORY


def write(api: Api, over: Event, changed: list[int], writer: int) -> None:
    """Change one digest after the other, anywhere but where the lag is looked at."""
    chance = random.Random(writer)  # noqa: S311 - as above
    headers = {**REDUCED, "Content-Type": JSON_PATCH}
    due = time.monotonic()
    while not over.is_set():
        node, file = chance.randrange(1, NODES), chance.randrange(PROFILES)
        change = {"op": "replace", "path": f"/status/seccomp/{file}/digest", "value": digest(chance)}
        api.ask("PATCH", f"{PATH}/node-{node}/status", [change], headers=headers).good()
        changed[writer] += 1
        due += WRITERS / RATE
        time.sleep(max(0.0, due - time.monotonic()))


def lag(api: Api, number: int) -> float:
    """The milliseconds from a change that the API server has taken until the webhook decides by it."""
    profile = f"probe-{number}.json"
    asked = wanting(profile, nodeSelector={"kubernetes.io/hostname": PROBED})
    status(api, report(PROBED, profile))
    since = time.monotonic()
    wait_for(lambda: api.create(asked, dry_run=True).code == 201, f"{profile} is known")
    return (time.monotonic() - since) * 1000
