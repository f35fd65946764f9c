"""What is wrong with the profiles of the node that a pod uses, and with how it could write them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from webhook.nodes.asked import SECCOMP, Asked, asked, asks
from webhook.nodes.controls import CONTENT, CONTROLS, FOLDER, PATH, PRESENCE
from webhook.nodes.inventory import Snapshot
from webhook.nodes.localhost_profiles import Hold, LocalhostProfiles
from webhook.nodes.names import hint, problem, suspicion
from webhook.nodes.placement import placement_of
from webhook.nodes.presence import RESTRICTS_NOTHING, Copy, Presence, groups, presence
from webhook.nodes.profile_folder import mounts_host, writable
from webhook.nodes.words import on_nodes, quoted
from webhook.policy.check import Check, Finding, Rule, Violation
from webhook.policy.core_v1 import Container
from webhook.policy.pod import Pod
from webhook.policy.standard import Level

MOST_PROFILES: Final = 64
"""Profiles of one pod that are looked for: no pod has more containers that each need their own."""

_WEAKER: Final = "weaker"
_NOT_KNOWN: Final = "the nodes are not known yet"


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
    view = _View(snapshot, eligible, wanted, level)
    for number, each in enumerate(named):
        for check, rule in view.complaints(each, doubts, too_many=number >= MOST_PROFILES):
            violations = found.setdefault(check.id, [])
            violations += [Violation(rule, container, field, each.name) for container, field in each.setters]
    for volume in writable(pod, wanted.seccomp_folder, added):
        path = (volume.host_path and volume.host_path.path) or ""
        rule = Rule(
            f"must not let containers write {quoted(path)}: whoever writes {wanted.seccomp_folder} chooses "
            "what the profiles of the node allow",
            f"away from {wanted.seccomp_folder}, or mounted with readOnly: true",
        )
        found.setdefault(FOLDER.id, []).append(Violation(rule, volume, ("hostPath",), path))
    findings = tuple([Finding(each, tuple(found[each.id])) for each in CONTROLS if each.id in found])
    return Judgment(findings, tuple(dict.fromkeys(doubts)))


class _View:
    """The nodes as one pod sees them."""

    def __init__(
        self, snapshot: Snapshot, eligible: tuple[str, ...], wanted: LocalhostProfiles, level: Level
    ) -> None:
        self._is_known = bool(snapshot.known)
        self._groups = groups(eligible, snapshot) if eligible else ()
        self._wanted = wanted
        self._level = level

    def complaints(
        self, asked_for: Asked, doubts: list[str], *, too_many: bool
    ) -> Iterator[tuple[Check, Rule]]:
        """What is wrong with a profile; *doubts* hear what is not known."""
        kind, name, _ = asked_for
        called = f"must not use {kind} profile {quoted(name)}"
        if why := problem(kind, name, self._wanted.seccomp_folder):
            yield PATH, Rule(f"{called}: {why}", _MUST_BE_NAMED)
        elif too_many:
            yield PATH, Rule(f"{called}: no more than {MOST_PROFILES} profiles are looked for", _MUST_BE_FEW)
        elif not self._is_known:
            doubts.append(_doubt(kind, name, _NOT_KNOWN))
        elif self._groups:
            yield from self._about(asked_for, presence(kind, name, self._groups), called, doubts)

    def _about(
        self, asked_for: Asked, found: Presence, called: str, doubts: list[str]
    ) -> Iterator[tuple[Check, Rule]]:
        kind, name, _ = asked_for
        if not found.known or (found.unknown and not found.readable and self._wanted.nodes is Hold.ANY):
            doubts.append(_doubt(kind, name, f"nothing is known of it {on_nodes(found.unknown)}"))
        for why, must in self._presence_problems(asked_for, found):
            yield PRESENCE, Rule(f"{called}: {why}", must)
        for why, must in self._content_problems(found.readable):
            yield CONTENT, Rule(f"{called}: {why}", must)

    def _presence_problems(self, asked_for: Asked, found: Presence) -> Iterator[tuple[str, str]]:
        is_strict = self._wanted.nodes is Hold.ALL
        if not is_strict and (found.readable or found.unknown):
            return
        if found.missing:
            where = on_nodes(found.missing, found.known)
            meant = hint(asked_for.kind, asked_for.name, self._names(asked_for.kind))
            yield f"it is missing {where}{meant}", _must_be_there(asked_for.kind, is_strict=is_strict)
        errors: dict[str, list[str]] = {}
        for held, _, nodes in found.broken:
            errors.setdefault(held.error, []).extend(nodes)
        for error in sorted(errors, key=lambda each: (-len(errors[each]), each))[:_MOST_TOLD]:
            yield f"it cannot be used {on_nodes(errors[error], found.known)}: {error}", _MUST_BE_READABLE
        if is_strict and found.differs:
            copies = sorted(found.readable, key=lambda each: (-len(each.nodes), each.held.digest))
            told = ", ".join(f"{_short(each)} {on_nodes(each.nodes)}" for each in copies[:_MOST_TOLD])
            yield f"it is not the same on all nodes: {told}", _MUST_BE_THE_SAME

    def _content_problems(self, readable: Iterable[Copy]) -> Iterator[tuple[str, str]]:
        weak: dict[str, list[str]] = {}
        for held, _, nodes in readable:
            if held.profile_class in _REFUSED[self._level]:
                weak.setdefault(held.profile_class, []).extend(nodes)
        for profile_class, names in weak.items():
            yield (
                f"it {_IS[profile_class]} {on_nodes(names)}, which level {self._level} does not allow",
                _MUST_RESTRICT[self._level],
            )

    def _names(self, kind: str) -> set[str]:
        """What profiles there are on these nodes."""
        holdings = [holding for holding, _ in self._groups if holding is not None][:_MOST_HOLDINGS]
        if kind == SECCOMP:
            return {path for each in holdings for path in each.paths}
        return {each.name for holding in holdings for each in holding.app_armor or ()}


_MOST_TOLD: Final = 3
# Of nodes that all hold something else, the profiles of the first are enough to find the one that was meant.
_MOST_HOLDINGS: Final = 16

_REFUSED: Final = {
    Level.PRIVILEGED: frozenset[str](),
    Level.BASELINE: frozenset({RESTRICTS_NOTHING}),
    Level.RESTRICTED: frozenset({RESTRICTS_NOTHING, _WEAKER}),
}
_IS: Final = {RESTRICTS_NOTHING: "restricts nothing", _WEAKER: "is weaker than RuntimeDefault"}
_MUST_RESTRICT: Final = {
    Level.BASELINE: "a profile that restricts something",
    Level.RESTRICTED: "a profile that is not weaker than RuntimeDefault",
}
_MUST_BE_NAMED: Final = "the path of a file below the kubelet's folder, or the name of an AppArmor profile"
_MUST_BE_FEW: Final = f"one of no more than {MOST_PROFILES} profiles"
_MUST_BE_READABLE: Final = "a profile that the container runtime can read"
_MUST_BE_THE_SAME: Final = "a profile that has the same content on all nodes the pod may be scheduled to"


def _must_be_there(kind: str, *, is_strict: bool) -> str:
    what = "a profile that is there" if kind == SECCOMP else "a profile that is loaded"
    return f"{what} on {'every node' if is_strict else 'a node'} the pod may be scheduled to"


def _doubt(kind: str, name: str, why: str) -> str:
    odd = suspicion(name)
    return f"{kind} profile {quoted(name)} was not looked for: {why}{f' ({odd})' if odd else ''}"


def _short(copy: Copy) -> str:
    return copy.held.digest.removeprefix("sha256:")[:12] or "unknown"
