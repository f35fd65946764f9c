"""What the API server is told of this node: the report, and labels of the node where they are asked for."""

from collections.abc import Mapping
from typing import Protocol

from webhook.agent.machine import Machine
from webhook.cluster.node import NodeSaid, Published
from webhook.nodes.label_names import labels_of
from webhook.nodes.report import NodeReport


class Registry(Protocol):
    """The API server, as far as it is needed here. Everything raises Failure."""

    def node(self) -> NodeSaid | None:
        """What is known of the node."""

    def published(self) -> Published | None:
        """What is published of the node."""

    def publish(self, report: NodeReport, uid: str) -> None:
        """Publish a report, owned by the node of that uid."""

    def label(self, labels: Mapping[str, str | None]) -> None:
        """Set labels of the node, and take away those that are None."""


class NoNode(Exception):
    """The cluster has no node of that name (any more)."""

    def __init__(self) -> None:
        super().__init__("the cluster has no node of this name: nothing is published")


class Publication:
    """Keeps what *registry* has equal to what is reported, and writes only where it is not."""

    def __init__(self, registry: Registry, *, labels: bool = False) -> None:
        self._registry = registry
        self._labels = labels
        self._node: NodeSaid | None = None
        self._published: NodeReport | None = None

    def machine(self) -> Machine:
        """What the cluster says of this machine, asked anew. Raises NoNode and Failure."""
        self._node = node = self._registry.node()
        if node is None:
            raise NoNode
        return Machine(node.kernel, node.architecture, node.runtime, node.runtime_version)

    def lacks(self, report: NodeReport) -> bool:
        """Whether *report* is not what was last seen to be published."""
        return report != self._published

    def look(self) -> None:
        """See what is really published, as somebody may have changed it. Raises NoNode and Failure."""
        found = self._registry.published()
        self._published = found.report if found and self._is_good(found) else None

    def _is_good(self, found: Published) -> bool:
        """Whether it goes with the node, and the labels are those that it wants."""
        if self._node is None or found.report is None or self._node.uid not in found.owners:
            return False
        return not self._labels or self._node.labels == labels_of(found.report)

    def write(self, report: NodeReport) -> None:
        """Publish *report*; ``machine`` was asked before. Raises NoNode and Failure."""
        if self._node is None:
            raise NoNode
        self._published = None
        self._registry.publish(report, self._node.uid)
        if self._labels:
            self._label(self._node, labels_of(report))
        self._published = report

    def _label(self, node: NodeSaid, wanted: Mapping[str, str]) -> None:
        changes: dict[str, str | None] = {key: None for key in node.labels if key not in wanted}
        changes |= {key: value for key, value in wanted.items() if node.labels.get(key) != value}
        if changes:
            self._registry.label(changes)
            self._node = node._replace(labels=wanted)
