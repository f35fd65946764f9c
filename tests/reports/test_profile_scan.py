"""What is told of workloads that use profiles of nodes: once, and by the name of what a person made."""

from datetime import date
from typing import Any

import pytest

from tests.nodes.reporting import file, node, report
from tests.policy.excepting import TODAY, exceptions_of
from webhook.nodes.inventory import Inventory
from webhook.nodes.localhost_profiles import LocalhostProfiles
from webhook.policy.exemptions import Exemptions
from webhook.policy.origins import Origin, origins_of_pod
from webhook.policy.pod import Pod, pod_from
from webhook.policy.standard import Level
from webhook.reports.formats import Look
from webhook.reports.profile_scan import FORMATS, rendered
from webhook.reports.profile_scan.scan import ProfileScan
from webhook.reports.profile_scan.scanning import Question, Scanning, Subject

CART = Origin("apps", "Deployment", "cart")
CART_SET = Origin("apps", "ReplicaSet", "cart-7d9")
PLAIN = Question(LocalhostProfiles())


def pod(profile: str = "", **parts: Any) -> Pod:  # noqa: ANN401 - parts of a pod
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": profile}} if profile else {}
    containers = [{"name": "web", "securityContext": context}]
    return pod_from({"metadata": parts.pop("metadata", {}), "spec": {"containers": containers, **parts}})


def owned(name: str, profile: str, **parts: Any) -> Pod:  # noqa: ANN401 - parts of a pod
    """A pod as the ReplicaSet of the Deployment cart makes them."""
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cart-7d9", "controller": True}
    metadata = {"name": name, "labels": {"pod-template-hash": "7d9"}, "ownerReferences": [owner]}
    return pod(profile, metadata=metadata, **parts)


class Looking:
    """Two nodes: good.json is on both, half.json on one, and old.json on one, where it is no profile."""

    def __init__(self, question: Question = PLAIN) -> None:
        inventory = Inventory()
        for name in "ab":
            inventory.put_node(node(name))
        inventory.put_report(report("a", "good.json", "half.json", file("old.json", error="no JSON")))
        inventory.put_report(report("b", "good.json"))
        self.scanning = Scanning(inventory.snapshot(), question)

    def workload(self, origin: Origin, made: Pod, *makers: Origin) -> None:
        subject = Subject("shop", origin.kind, (origin, *makers), made, Level.PRIVILEGED)
        self.scanning.look(subject)

    def pod(self, made: Pod) -> None:
        self.scanning.look(Subject("shop", "Pod", origins_of_pod(made), made, Level.PRIVILEGED))

    def done(self, *, is_whole: bool = True) -> ProfileScan:
        return self.scanning.done((), is_whole=is_whole)


def told(scan: ProfileScan) -> list[tuple[str, str | None, list[str]]]:
    return [
        (each.object.kind, each.object.name, [wrong.detail for wrong in each.violations])
        for each in scan.results
    ]


MISSING = (
    'container "web" must not use seccomp profile "{}": '
    "it is missing on {} nodes the pod may be scheduled to {}"
)
ON_NONE = MISSING.format("none.json", "all 2", "(a, b)")
ON_ONE = MISSING.format("half.json", "1 of 2", "(b)")


def test_a_deployment_is_told_of_and_what_it_makes_is_not_told_again() -> None:
    looking = Looking()
    looking.workload(CART, pod("none.json"))
    looking.workload(CART_SET, pod("none.json"), CART)
    for number in range(3):
        looking.pod(owned(f"cart-7d9-{number}", "none.json", nodeName="a"))
    scan = looking.done()

    assert told(scan) == [("Deployment", "cart", [ON_NONE])]
    assert (scan.workloads, scan.using, scan.denied) == (1, 1, 1)
    [field] = scan.results[0].violations[0].fields
    assert field.path[:3] == ("spec", "template", "spec")
    assert (field.container, field.value) == ("web", "none.json")


def test_a_pod_that_got_another_profile_on_its_way_is_told_of_once_as_its_deployment() -> None:
    looking = Looking()
    looking.workload(CART, pod())
    looking.workload(CART_SET, pod(), CART)
    for number in range(3):
        looking.pod(owned(f"cart-7d9-{number}", "half.json", nodeName="a"))

    assert told(looking.done()) == [("Deployment", "cart", [ON_ONE])]


def test_a_pod_that_nobody_controls_is_told_of_by_its_own_name() -> None:
    looking = Looking()
    for name in ("one", "two"):
        looking.pod(pod("half.json", metadata={"name": name}, nodeName="a"))

    assert told(looking.done()) == [("Pod", "one", [ON_ONE]), ("Pod", "two", [ON_ONE])]


def test_static_pods_are_no_pods_of_their_node() -> None:
    owner = {"apiVersion": "v1", "kind": "Node", "name": "a", "controller": True}
    looking = Looking()
    for name in ("proxy-a", "etcd-a"):
        looking.pod(pod("none.json", metadata={"name": name, "ownerReferences": [owner]}))

    assert [name for _, name, _ in told(looking.done())] == ["proxy-a", "etcd-a"]


def test_what_nobody_uses_is_told_of_where_everything_was_looked_at() -> None:
    looking = Looking()
    looking.pod(pod("good.json", metadata={"name": "one"}))

    assert looking.done().unused == (("half.json", 1, ""), ("old.json", 1, "no JSON"))
    assert looking.done(is_whole=False).unused is None
    assert looking.done().profiles == 3


def test_what_is_used_by_anybody_is_used() -> None:
    looking = Looking()
    looking.workload(CART_SET, pod("half.json"), CART)
    looking.pod(owned("cart-7d9-1", "old.json"))

    assert looking.done().unused == (("good.json", 1 + 1, ""),)


def test_a_node_of_which_nothing_is_known_makes_a_doubt_and_no_finding() -> None:
    inventory = Inventory()
    inventory.put_node(node("a"))
    scanning = Scanning(inventory.snapshot(), PLAIN)
    scanning.look(Subject("shop", "Deployment", (CART,), pod("x.json"), Level.PRIVILEGED))
    scan = scanning.done((), is_whole=True)

    assert (scan.denied, scan.doubtful) == (0, 1)
    assert (scan.nodes, scan.reported, scan.unused) == (1, 0, ())
    assert "nothing is known of it on node a" in rendered("text", scan, Look("program"))


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_lets_a_name_reach_the_terminal(name: str) -> None:
    looking = Looking()
    looking.pod(pod("\x1b]0;evil\x07.json", metadata={"name": "x\u202ey"}))
    scan = looking.done()._replace(errors=("bad \x1b[2J",))
    text = rendered(name, scan, Look("program", has_color=False))

    assert scan.denied == 1
    assert all(each.isprintable() or each == "\n" for each in text)


PRESENCE = [{"control": "localhostProfilePresence"}]


@pytest.mark.parametrize(
    ("match", "day", "kinds"),
    [
        ({"workloads": [{"kind": "Deployment", "name": "cart"}]}, TODAY, []),
        ({"workloads": [{"kind": "Deployment", "name": "till"}]}, TODAY, ["Deployment"]),
        ({"namespaces": ["yard"]}, TODAY, ["Deployment"]),
        ({}, date.max, ["Deployment"]),
    ],
)
def test_what_an_exception_lets_pass_is_not_told_of(match: Any, day: date, kinds: list[str]) -> None:  # noqa: ANN401 - parts of an exception
    exceptions = exceptions_of({"match": match, "allow": PRESENCE})
    looking = Looking(Question(LocalhostProfiles(), exceptions=exceptions, today=day))
    looking.workload(CART, pod("none.json"))
    looking.pod(owned("cart-7d9-1", "none.json"))
    scan = looking.done()

    assert [kind for kind, _, _ in told(scan)] == kinds
    assert (scan.workloads, scan.using) == (1, 1)


def test_an_exception_for_one_pod_does_not_hide_the_others_of_its_like() -> None:
    match = {"workloads": [{"kind": "Pod", "name": "run-1"}]}
    exceptions = exceptions_of({"match": match, "allow": PRESENCE})
    looking = Looking(Question(LocalhostProfiles(), exceptions=exceptions, today=TODAY))
    owner = {"apiVersion": "example.io/v1", "kind": "Workflow", "name": "run", "controller": True}
    for number in (1, 2, 3):
        looking.pod(pod("none.json", metadata={"name": f"run-{number}", "ownerReferences": [owner]}))
    scan = looking.done()

    assert told(scan) == [("Workflow", "run", [ON_NONE])]
    assert (scan.workloads, scan.denied) == (1, 1)


@pytest.mark.parametrize(
    "exemptions",
    [Exemptions(namespaces=frozenset({"shop"})), Exemptions(runtime_classes=frozenset({"kata"}))],
)
def test_what_is_exempt_is_passed_over_and_uses_its_profiles(exemptions: Exemptions) -> None:
    looking = Looking(Question(LocalhostProfiles(), exemptions))
    for name in ("none.json", "half.json"):
        looking.workload(CART, pod(name, runtimeClassName="kata"))
    scan = looking.done()

    assert (told(scan), scan.workloads) == ([], 0)
    assert [each.path for each in scan.unused or ()] == ["good.json", "old.json"]
