"""5,000 nodes with 200 profiles each: the memory they take, and what they add to one review."""

import gc
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.samples import PASSING, review
from benchmarks.timing import cpu_microseconds
from webhook.admission import review as answer
from webhook.config import DEFAULTS, Settings
from webhook.manifests.namespaces import ClusterOfManifests
from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.localhost_profiles import LocalhostProfiles, Mode
from webhook.nodes.node import Node
from webhook.nodes.report import AppArmorProfile, NodeReport, SeccompFile

NODES = 5_000
PROFILES = 200
USED = 7
PAGE = 4096
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
ASKED = DEFAULTS._replace(localhost_profiles=LocalhostProfiles(Mode.ENFORCE))


class Cluster(ClusterOfManifests):
    """A namespace, and nodes."""

    def __init__(self, inventory: Inventory) -> None:
        super().__init__({"shop": RESTRICTED}, {})
        self.nodes = inventory

    def inventory(self) -> Snapshot:
        """What is known of the nodes."""
        return self.nodes.snapshot()


def node(number: int) -> Node:
    """A node with the labels that a cloud gives it."""
    labels = {f"cloud.example/label-{each}": f"value-{each}" for each in range(25)}
    own = {"kubernetes.io/hostname": f"node-{number}", "topology.kubernetes.io/zone": f"zone-{number % 3}"}
    return Node(f"node-{number}", {**labels, **own})


def report(number: int, *, alike: bool) -> NodeReport:
    """The profiles of a node: those of every other, or all but one that no other has."""
    files = tuple(
        SeccompFile(
            f"teams/shop/profile-{each}.json" if each or alike else f"teams/shop/own-{number}.json",
            f"sha256:{each if alike or each == USED else number * PROFILES + each:064x}",
            1000,
            "stricter",
        )
        for each in range(PROFILES)
    )
    armor = tuple(AppArmorProfile(f"profile-{each}", "enforce") for each in range(50))
    return NodeReport(
        f"node-{number}", "containerd", "2.1.4", "6.18", "amd64", seccomp=files, app_armor=armor
    )


def reports(*, alike: bool) -> Iterator[NodeReport]:
    return (report(number, alike=alike) for number in range(NODES))


def megabytes() -> float:
    """What this process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def inventory_of(*, alike: bool) -> Inventory:
    inventory = Inventory()
    before = megabytes()
    inventory.replace_nodes(map(node, range(NODES)))
    inventory.replace_reports(reports(alike=alike))
    what = "all alike" if alike else "none alike"
    print(f"memory of {NODES:,} nodes with {PROFILES} profiles each, {what}: {megabytes() - before:.0f} MB")
    return inventory


def microseconds(pod: Mapping[str, Any], settings: Settings, inventory: Inventory) -> float:
    body, cluster = review(pod), Cluster(inventory)
    return cpu_microseconds(lambda: answer(body, settings=settings, cluster=cluster, clock=monotonic))


def with_profile(path: str) -> dict[str, Any]:
    """The sample, with a profile of the node in each of its containers."""
    spec: dict[str, Any] = PASSING["spec"]
    profile = {"type": "Localhost", "localhostProfile": path}
    containers = [
        {**each, "securityContext": {**each["securityContext"], "seccompProfile": profile}}
        for each in spec["containers"]
    ]
    return {**PASSING, "spec": {**spec, "containers": containers}}


def main() -> None:
    there, missing = (with_profile(f"teams/shop/profile{each}") for each in (f"-{USED}.json", USED))
    for alike in (False, True):
        inventory = inventory_of(alike=alike)
        told = [("a pod without such a profile", PASSING), ("one whose profile is there", there)]
        for words, pod in (*told, ("one whose profile is missing", missing)):
            before, asked = (microseconds(pod, settings, inventory) for settings in (DEFAULTS, ASKED))
            print(f"  review of {words}: {asked - before:+,.1f} us to {before:.1f} us")
        changes = (("report", a_report(inventory)), ("node", a_node(inventory)))
        for words, change in changes:
            added = after(change, there, inventory) - microseconds(there, DEFAULTS, inventory)
            print(f"  the second after each change of a {words}: {added:+,.0f} us")


def a_report(inventory: Inventory) -> Callable[[], None]:
    """Changes what a node holds, back and forth."""
    both = [inventory.holding(report(0, alike=alike)) for alike in (False, True)]
    turn = count()
    return lambda: inventory.put_holding("node-0", both[next(turn) % 2])


def a_node(inventory: Inventory) -> Callable[[], None]:
    """Changes the labels of a node, back and forth."""
    turn = count()
    return lambda: inventory.put_node(node(0)._replace(unschedulable=bool(next(turn) % 2)))


def after(change: Callable[[], None], pod: Mapping[str, Any], inventory: Inventory) -> float:
    """A review after each change, without the change."""
    body, cluster = review(pod), Cluster(inventory)

    def both() -> None:
        change()
        answer(body, settings=ASKED, cluster=cluster, clock=monotonic)

    return cpu_microseconds(both) - cpu_microseconds(change)
