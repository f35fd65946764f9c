"""Which files the security-profiles-operator has on which nodes, of what it says of profiles and of nodes.

PURE: what it says comes in as values.
"""

from collections.abc import Iterable, Mapping

from webhook.cluster.operator import OperatorProfile, OperatorStatus, about


class OperatorFiles:
    """The files on each node: of the statuses of nodes where there are any, else of those of profiles.

    Where something is taken in, what comes back says of which nodes that may change the files.
    """

    def __init__(self) -> None:
        self._profiles: dict[str, OperatorProfile] = {}
        self._on_nodes: dict[str, set[str]] = {}

    @property
    def profiles(self) -> int:
        """How many profiles there are."""
        return len(self._profiles)

    @property
    def nodes(self) -> set[str]:
        """The nodes of which there are statuses."""
        return set(self._on_nodes)

    def paths_on(self, node: str) -> tuple[str, ...]:
        """The paths of the files on *node*, sorted."""
        if self._on_nodes:
            return tuple(sorted(self._on_nodes.get(node, ())))
        return tuple(sorted({each.path for each in self._profiles.values() if each.is_installed}))

    def put_profile(self, name: str, profile: OperatorProfile) -> bool:
        """Take in a profile; returns whether the files of every node may be others now."""
        before = self._profiles.get(name)
        self._profiles[name] = profile
        return before != profile and not self._on_nodes

    def remove_profile(self, name: str) -> bool:
        """Forget a profile. As above."""
        return self._profiles.pop(name, None) is not None and not self._on_nodes

    def replace_profiles(self, found: Mapping[str, OperatorProfile]) -> bool:
        """Take in all profiles. As above."""
        before, self._profiles = self._profiles, dict(found)
        return before != self._profiles and not self._on_nodes

    def put_status(self, status: OperatorStatus) -> tuple[str, ...]:
        """Take in what became of a profile on a node; returns the nodes whose files may be others now."""
        if not status.path:
            return ()
        there = self._on_nodes.setdefault(status.node, set())
        (there.add if status.is_installed else there.discard)(status.path)
        return (status.node,)

    def remove_status(self, name: str) -> tuple[str, ...]:
        """Forget the status called *name*. As above."""
        node, path = about(name)
        self._on_nodes.get(node, set()).discard(path)
        return (node,)

    def replace_statuses(self, found: Iterable[OperatorStatus]) -> None:
        """Take in all statuses."""
        self._on_nodes = {}
        for each in found:
            self.put_status(each)
