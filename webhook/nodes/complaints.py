"""What is wrong with one profile, on the nodes that a pod may be scheduled to, in words."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from webhook.nodes.asked import SECCOMP, Asked
from webhook.nodes.controls import CONTENT, PATH, PRESENCE
from webhook.nodes.effort import MOST_PROFILES, Effort
from webhook.nodes.inventory import Snapshot
from webhook.nodes.localhost_profiles import Hold, LocalhostProfiles
from webhook.nodes.names import hint, problem, suspicion
from webhook.nodes.presence import RESTRICTS_NOTHING, Copy, Group, Presence, groups, presence
from webhook.nodes.words import on_nodes, quoted
from webhook.policy.check import Check, Rule
from webhook.policy.standard import Level

_WEAKER: Final = "weaker"
_NOT_KNOWN: Final = "the nodes are not known yet"
_MOST_KEPT: Final = 1024
# Of fewer nodes it is found out as soon as looked up.
_WORTH_KEEPING: Final = 16
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


class _Told(NamedTuple):
    complaints: tuple[tuple[Check, Rule], ...]
    doubts: tuple[str, ...]
    sought: bool


class View:
    """The nodes as one pod sees them."""

    def __init__(
        self,
        snapshot: Snapshot,
        eligible: tuple[str, ...],
        wanted: LocalhostProfiles,
        level: Level,
        effort: Effort,
    ) -> None:
        self._snapshot = snapshot
        self._eligible = eligible
        self._groups: tuple[Group, ...] | None = None
        self._wanted = wanted
        self._level = level
        self._effort = effort
        self._known_names: dict[str, frozenset[str]] = {}

    def complaints(self, asked_for: Asked, doubts: list[str]) -> Iterator[tuple[Check, Rule]]:
        """What is wrong with a profile; *doubts* hear what is not known."""
        kind, name, _ = asked_for
        called = f"must not use {kind} profile {quoted(name)}"
        if why := problem(kind, name, self._wanted.seccomp_folder):
            yield PATH, Rule(f"{called}: {why}", _MUST_BE_NAMED)
        elif not self._effort.may_look_for(kind, name, self._eligible):
            yield PATH, Rule(f"{called}: no more than {MOST_PROFILES} profiles are looked for", _MUST_BE_FEW)
        elif not self._snapshot.known:
            doubts.append(_doubt(kind, name, _NOT_KNOWN))
        elif self._eligible:
            told = self._told(kind, name, called)
            if told.sought:
                self._effort.hinted()
            doubts += told.doubts
            yield from told.complaints

    def _told(self, kind: str, name: str, called: str) -> _Told:
        """What is wrong with a profile on these nodes: what was found out of this snapshot before is kept."""
        kept = self._snapshot.kept
        if kept is None or len(self._eligible) < _WORTH_KEEPING:
            return self._found_out(kind, name, called)
        # A tuple is known by what it is, not by thousands of names: it is kept, so no other can be it.
        key = (id(self._eligible), kind, name, self._wanted, self._level, self._effort.may_hint)
        known: tuple[object, _Told] | None = kept.get(key)
        if known is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            known = kept[key] = self._eligible, self._found_out(kind, name, called)
        return known[1]

    def _found_out(self, kind: str, name: str, called: str) -> _Told:
        if self._groups is None:
            self._groups = groups(self._eligible, self._snapshot)
        doubts: list[str] = []
        found = presence(kind, name, self._groups)
        complaints = tuple(self._about(kind, name, found, called, doubts))
        return _Told(complaints, tuple(doubts), bool(found.missing) and not self._is_enough(found))

    def _about(
        self, kind: str, name: str, found: Presence, called: str, doubts: list[str]
    ) -> Iterator[tuple[Check, Rule]]:
        if not found.known or (found.unknown and not found.readable and self._wanted.nodes is Hold.ANY):
            doubts.append(_doubt(kind, name, f"nothing is known of it {on_nodes(found.unknown)}"))
        for why, must in self._presence_problems(kind, name, found):
            yield PRESENCE, Rule(f"{called}: {why}", must)
        for why, must in self._content_problems(found.readable):
            yield CONTENT, Rule(f"{called}: {why}", must)

    def _presence_problems(self, kind: str, name: str, found: Presence) -> Iterator[tuple[str, str]]:
        is_strict = self._wanted.nodes is Hold.ALL
        if self._is_enough(found):
            return
        if found.missing:
            where = on_nodes(found.missing, found.known)
            meant = hint(kind, name, self._names(kind)) if self._effort.may_hint else ""
            yield f"it is missing {where}{meant}", _must_be_there(kind, is_strict=is_strict)
        errors: dict[str, list[str]] = {}
        for held, _, nodes in found.broken:
            errors.setdefault(held.error, []).extend(nodes)
        for error in sorted(errors, key=lambda each: (-len(errors[each]), each))[:_MOST_TOLD]:
            yield f"it cannot be used {on_nodes(errors[error], found.known)}: {error}", _MUST_BE_READABLE
        if is_strict and found.differs:
            copies = sorted(found.readable, key=lambda each: (-len(each.nodes), each.held.digest))
            told = ", ".join(f"{_short(each)} {on_nodes(each.nodes)}" for each in copies[:_MOST_TOLD])
            yield f"it is not the same on all nodes: {told}", _MUST_BE_THE_SAME

    def _is_enough(self, found: Presence) -> bool:
        """Whether some nodes have it, or may have it, and no more is wanted."""
        return self._wanted.nodes is not Hold.ALL and bool(found.readable or found.unknown)

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

    def _names(self, kind: str) -> frozenset[str]:
        """What profiles there are on these nodes."""
        if kind not in self._known_names:
            holdings = [holding for holding, _ in self._groups or () if holding is not None][:_MOST_HOLDINGS]
            if kind == SECCOMP:
                found = frozenset(path for each in holdings for path in each.paths)
            else:
                found = frozenset(each.name for holding in holdings for each in holding.app_armor or ())
            self._known_names[kind] = found
        return self._known_names[kind]


def _must_be_there(kind: str, *, is_strict: bool) -> str:
    what = "a profile that is there" if kind == SECCOMP else "a profile that is loaded"
    return f"{what} on {'every node' if is_strict else 'a node'} the pod may be scheduled to"


def _doubt(kind: str, name: str, why: str) -> str:
    odd = suspicion(name)
    return f"{kind} profile {quoted(name)} was not looked for: {why}{f' ({odd})' if odd else ''}"


def _short(copy: Copy) -> str:
    return copy.held.digest.removeprefix("sha256:")[:12] or "unknown"
