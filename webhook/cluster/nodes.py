"""Nodes as the API server has them: of each, what decides which pods may be scheduled to it.

Source: Kubernetes API reference, ``core/v1`` Node. Taints stand in ``spec``, so that metadata is not enough;
what else there is of a node, images and conditions, is passed over while it is read.
"""

from typing import Final

import msgspec
from msgspec import Struct

from webhook.cluster.kind import Kind
from webhook.cluster.objects import Part, Read
from webhook.cluster.requests import Collection
from webhook.nodes.node import Node, Taint

# A node that lists its images has tens of kilobytes.
_PAGE: Final = 100


class _Taint(Struct):
    key: str = ""
    value: str = ""
    effect: str = ""


class _Spec(Part):
    taints: list[_Taint] | None = None
    unschedulable: bool | None = None


class _Metadata(Part):
    name: str = ""
    labels: dict[str, str] | None = None
    resource_version: str = ""


class _Node(Part):
    metadata: _Metadata
    spec: _Spec | None = None


_node = msgspec.json.Decoder(_Node)
_NO_SPEC: Final = _Spec()


def node_in(document: bytes | msgspec.Raw) -> Read[Node]:
    """The node that *document* is. Raises what ``UNREADABLE`` holds."""
    found = _node.decode(document)
    metadata, spec = found.metadata, found.spec or _NO_SPEC
    taints = tuple([Taint(each.key, each.value, each.effect) for each in spec.taints or ()])
    node = Node(metadata.name, metadata.labels or {}, taints, bool(spec.unschedulable))
    return Read(metadata.name, metadata.resource_version, node)


NODES: Final = Kind("nodes", (Collection("nodes", "/api/v1/nodes", page=_PAGE),), node_in)
