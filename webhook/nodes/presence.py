"""Where a profile is, of the nodes that a pod may be scheduled to.

A node that has not reported, or has not listed all, is not known; it is never counted among those that lack
a profile.
"""

from collections.abc import Iterable
from posixpath import normpath
from typing import Final, NamedTuple

from webhook.nodes.asked import SECCOMP
from webhook.nodes.holding import Held, Holding, State, held
from webhook.nodes.inventory import Snapshot

RESTRICTS_NOTHING: Final = "none"

# Source: the kernel's documentation, "AppArmor"; the other modes only log, or do not even that.
_CONFINING: Final = frozenset({"enforce", "enforced", "kill"})


class Group(NamedTuple):
    """Nodes that hold the same, or that are not known."""

    holding: Holding | None
    nodes: tuple[str, ...]


class Copy(NamedTuple):
    """A file, or a loaded profile, as some nodes have it. ``architecture`` is that of the nodes."""

    held: Held
    architecture: str
    nodes: tuple[str, ...]


class Presence(NamedTuple):
    """What is known of one profile: who lacks it and who has it. ``unknown`` nodes are in neither."""

    missing: tuple[str, ...]
    copies: tuple[Copy, ...]
    unknown: tuple[str, ...]

    @property
    def readable(self) -> tuple[Copy, ...]:
        """The copies that are a profile, or may be: the kubelet can perhaps read what the agent cannot."""
        return tuple([each for each in self.copies if not each.held.is_broken])

    @property
    def broken(self) -> tuple[Copy, ...]:
        """The copies that are none."""
        return tuple([each for each in self.copies if each.held.is_broken])

    @property
    def known(self) -> int:
        """How many nodes it is known of."""
        return len(self.missing) + sum(len(each.nodes) for each in self.copies)

    @property
    def differs(self) -> bool:
        """Whether nodes of one architecture hold different contents. Other processors have other calls."""
        digests: dict[str, set[str]] = {}
        for each in self.readable:
            if each.held.digest:
                digests.setdefault(each.architecture, set()).add(each.held.digest)
        return any(len(each) > 1 for each in digests.values())


def groups(nodes: Iterable[str], snapshot: Snapshot) -> tuple[Group, ...]:
    """*nodes* by what they hold."""
    found: dict[Holding | None, list[str]] = {}
    known = snapshot.known
    for name in nodes:
        each = known.get(name)
        found.setdefault(each.holding if each else None, []).append(name)
    return tuple([Group(holding, tuple(names)) for holding, names in found.items()])


def presence(kind: str, name: str, among: Iterable[Group]) -> Presence:
    """Where the profile called *name* is *among* these nodes.

    Source: the kubelet, which joins its folder and the name with Go's ``filepath.Join``: the path is cleaned.
    """
    missing: list[str] = []
    unknown: list[str] = []
    copies: dict[tuple[tuple[bytes, State], str], list[str]] = {}
    find = _app_armor
    if kind == SECCOMP:
        find, name = _seccomp, normpath(name)
    for holding, nodes in among:
        entry = find(holding, name) if holding is not None else None
        if entry is not None and holding is not None:
            copies.setdefault((entry, holding.platform.architecture), []).extend(nodes)
        elif holding is None or not _lists_all(kind, holding):
            unknown += nodes
        else:
            missing += nodes
    return Presence(
        tuple(missing),
        tuple(
            [
                Copy(held(*entry), architecture, tuple(nodes))
                for (entry, architecture), nodes in copies.items()
            ]
        ),
        tuple(unknown),
    )


def _seccomp(holding: Holding, name: str) -> tuple[bytes, State] | None:
    return holding.entry(name)


def _app_armor(holding: Holding, name: str) -> tuple[bytes, State] | None:
    mode = holding.app_armor_mode(name)
    if mode is None:
        return None
    # Of what is loaded in a kernel there is no file, and so no digest.
    return b"", State() if mode in _CONFINING else State(RESTRICTS_NOTHING)


def _lists_all(kind: str, holding: Holding) -> bool:
    """Whether what is not listed is not there."""
    if kind == SECCOMP:
        return holding.is_whole
    # Only an agent looks into the kernel, and says which one it is.
    return holding.is_whole and bool(holding.platform.kernel)
