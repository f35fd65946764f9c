"""A folder of profiles, as if it were that of the only node there is: every pod runs there."""

from webhook.nodes.inventory import Inventory, Snapshot
from webhook.nodes.node import Node
from webhook.nodes.placement import Placement, Places
from webhook.nodes.report import NodeReport


class _Everywhere(Places):
    """The only node takes every pod, whatever the pod says of where it may run."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        super().__init__((Node(name),))
        self._name = name

    def eligible(self, placement: Placement) -> tuple[str, ...]:  # noqa: ARG002 - it makes no difference
        """The only node."""
        return (self._name,)


def snapshot_of_one(report: NodeReport) -> Snapshot:
    """What is known where the node of *report* is the only one."""
    inventory = Inventory()
    inventory.put_node(Node(report.node))
    inventory.put_report(report)
    return inventory.snapshot()._replace(places=_Everywhere(report.node))
