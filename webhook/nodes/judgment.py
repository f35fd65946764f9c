"""What is wrong with the profiles of the node that a pod uses, and with how it could write them."""

from collections.abc import Collection
from typing import Final, NamedTuple

from webhook.nodes.asked import asked, asks
from webhook.nodes.complaints import MOST_PROFILES, View
from webhook.nodes.controls import CONTROLS, FOLDER
from webhook.nodes.inventory import Snapshot
from webhook.nodes.localhost_profiles import LocalhostProfiles
from webhook.nodes.placement import placement_of
from webhook.nodes.profile_folder import mounts_host, writable
from webhook.nodes.words import quoted
from webhook.policy.check import Finding, Rule, Violation
from webhook.policy.core_v1 import Container
from webhook.policy.pod import Pod
from webhook.policy.standard import Level


class Judgment(NamedTuple):
    """What is wrong with a pod; ``doubts`` say what could not be found out: no reason to refuse it."""

    findings: tuple[Finding, ...] = ()
    doubts: tuple[str, ...] = ()


NOTHING_WRONG: Final = Judgment()


def is_concerned(pod: Pod) -> bool:
    """Whether there is anything to judge. Of most pods there is not, and this finds out quickly."""
    return asks(pod) or mounts_host(pod)


def judge(
    pod: Pod,
    snapshot: Snapshot,
    wanted: LocalhostProfiles,
    level: Level,
    added: Collection[Container] | None = None,
) -> Judgment:
    """What is wrong with *pod*, or with what the *added* of its containers bring, where *level* is enforced.

    Where no node is eligible nothing is said: that is the scheduler's to tell.
    """
    if not is_concerned(pod):
        return NOTHING_WRONG
    found: dict[str, list[Violation]] = {}
    doubts: list[str] = []
    named = asked(pod, added)
    eligible = snapshot.places.eligible(placement_of(pod.spec)) if named and snapshot.known else ()
    view = View(snapshot, eligible, wanted, level)
    for number, each in enumerate(named):
        for check, rule in view.complaints(each, doubts, too_many=number >= MOST_PROFILES):
            violations = found.setdefault(check.id, [])
            violations += [Violation(rule, container, field, each.name) for container, field in each.setters]
    for volume in writable(pod, wanted.seccomp_folder, added):
        path = (volume.host_path and volume.host_path.path) or ""
        rule = Rule(
            f"must not let containers write {quoted(path)}: whoever writes {wanted.seccomp_folder} chooses "
            "what the profiles of the node allow",
            f"away from {wanted.seccomp_folder}, or mounted with readOnly: true; what holds that folder also "
            "with recursiveReadOnly: Enabled",
        )
        found.setdefault(FOLDER.id, []).append(Violation(rule, volume, ("hostPath",), path))
    findings = tuple([Finding(each, tuple(found[each.id])) for each in CONTROLS if each.id in found])
    return Judgment(findings, tuple(dict.fromkeys(doubts)))
