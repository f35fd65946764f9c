"""What is said of nodes, gathered: by the API server, by our agent, and by the security-profiles-operator.

The agent's word counts where it has spoken, since it has seen the files. The operator speaks only of files of
its own, so that of a node without an agent it is known what is there, and not what is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Final

from webhook.cluster.node_profiles import Unread
from webhook.cluster.operator import OperatorProfile, OperatorStatus
from webhook.cluster.operator_files import OperatorFiles
from webhook.nodes.holding import Holding
from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.node import Node
from webhook.nodes.report import NodeReport, SeccompFile

# More than is listed may be there: the operator knows nothing of it.
_NOT_ALL: Final = 1


class Gathered:
    """Written by several threads, one for each who says something; *tell* hears of what is no report."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._inventory = Inventory()
        self._files = OperatorFiles()
        self._nodes: set[str] = set()
        self._reported: set[str] = set()
        self._unread: set[str] = set()
        self._lock = Lock()

    def snapshot(self) -> Snapshot:
        """What is known now; it never waits."""
        return self._inventory.snapshot()

    def holding(self, report: NodeReport) -> Holding:
        """What *report* says, in as little memory as it takes here."""
        with self._lock:
            return self._inventory.holding(report)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self._nodes)

    @property
    def reported(self) -> int:
        """How many nodes have reported."""
        return len(self._reported)

    @property
    def profiles(self) -> int:
        """How many profiles the operator has."""
        return self._files.profiles

    @property
    def installed(self) -> int:
        """On how many nodes the operator has any."""
        return len(self._files.nodes)

    def put_node(self, name: str, node: Node) -> None:
        """A node is there, or is other than it was."""
        with self._lock:
            self._nodes.add(name)
            self._inventory.put_node(node)
            self._complete([name])

    def remove_node(self, name: str) -> None:
        """A node is gone."""
        with self._lock:
            self._nodes.discard(name)
            self._inventory.remove_node(name)
            self._complete([name])

    def replace_nodes(self, found: Mapping[str, Node]) -> None:
        """These are all nodes."""
        with self._lock:
            gone = self._nodes - found.keys()
            self._nodes = set(found)
            self._inventory.replace_nodes(found.values())
            self._complete([*gone, *found])

    def put_report(self, name: str, said: Holding | Unread) -> None:
        """A node says what it holds."""
        with self._lock:
            self._hear(name, said)

    def remove_report(self, name: str) -> None:
        """Nobody says any more what the node holds."""
        with self._lock:
            self._hear(name, Unread())

    def replace_reports(self, found: Mapping[str, Holding | Unread]) -> None:
        """This is what all nodes say."""
        with self._lock:
            for name in [*(self._reported | self._unread) - found.keys()]:
                self._hear(name, Unread())
            for name, said in found.items():
                self._hear(name, said)

    def put_profile(self, name: str, profile: OperatorProfile) -> None:
        """The operator has a profile, or another one than it had."""
        with self._lock:
            if self._files.put_profile(name, profile):
                self._complete(self._nodes)

    def remove_profile(self, name: str) -> None:
        """The operator has this profile no more."""
        with self._lock:
            if self._files.remove_profile(name):
                self._complete(self._nodes)

    def replace_profiles(self, found: Mapping[str, OperatorProfile]) -> None:
        """These are all profiles of the operator."""
        with self._lock:
            if self._files.replace_profiles(found):
                self._complete(self._nodes)

    def put_status(self, _name: str, status: OperatorStatus) -> None:
        """The operator says what became of a profile on a node."""
        with self._lock:
            self._complete(self._files.put_status(status))

    def remove_status(self, name: str) -> None:
        """The operator says nothing of this any more."""
        with self._lock:
            self._complete(self._files.remove_status(name))

    def replace_statuses(self, found: Mapping[str, OperatorStatus]) -> None:
        """This is all that the operator says."""
        with self._lock:
            before = self._files.nodes
            self._files.replace_statuses(found.values())
            # Whether it says anything at all decides whose word counts on every node.
            self._complete(before | self._files.nodes | self._nodes)

    def _hear(self, name: str, said: Holding | Unread) -> None:
        if isinstance(said, Unread):
            self._reported.discard(name)
            self._set_unread(name, said.problem)
            self._inventory.remove_report(name)
            self._complete([name])
        else:
            self._reported.add(name)
            self._unread.discard(name)
            self._inventory.put_holding(name, said)

    def _set_unread(self, name: str, problem: str) -> None:
        if not problem:
            self._unread.discard(name)
            return
        if not self._unread:
            # One line, and not one for each of thousands of nodes: they mostly have the same trouble.
            self._tell(f"{problem}; what it holds is not known")
        self._unread.add(name)

    def _complete(self, names: Iterable[str]) -> None:
        """Let the operator speak for those of *names* that have not reported."""
        for name in [each for each in names if each not in self._reported]:
            paths = self._files.paths_on(name) if name in self._nodes else ()
            if paths:
                files = tuple([SeccompFile(path, "", 0) for path in paths])
                report = NodeReport(name, seccomp=files, left_out=_NOT_ALL)
                self._inventory.put_holding(name, self._inventory.holding(report))
            else:
                self._inventory.remove_report(name)
