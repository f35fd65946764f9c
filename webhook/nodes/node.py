"""A node as a scheduler looks at it."""

from collections.abc import Mapping
from typing import NamedTuple


class Taint(NamedTuple):
    """What keeps pods off a node. Source: Kubernetes API reference, ``core/v1`` Taint."""

    key: str
    value: str = ""
    effect: str = ""


class Node(NamedTuple):
    """A node: what decides which pods may be scheduled to it, and nothing else."""

    name: str
    labels: Mapping[str, str] = {}
    taints: tuple[Taint, ...] = ()
    unschedulable: bool = False
