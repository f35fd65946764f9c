"""The JSON Patch that puts values into a pod: ``add`` alone, and one operation for each place.

Source: RFC 6902 (JSON Patch), RFC 6901 (JSON Pointer); that nothing but ``add`` is safe for the request, the
Kubernetes documentation, "Admission Webhook Good Practices".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from webhook.mutation.default import Put
from webhook.policy.path import Path
from webhook.policy.pod import Pod

_ATTRIBUTES: Final = {"securityContext": "security_context", "capabilities": "capabilities"}
"""Objects on the way to a field: what the API calls them, and what ``core_v1`` does."""


class Operation(Struct, frozen=True, gc=False, tag_field="op", tag="add"):
    """An operation that sets what is not set."""

    path: str
    value: Any


def operations(pod: Pod, puts: Iterable[Put]) -> list[Operation]:
    """The fewest operations that put *puts* into *pod*: objects that are not there come with what is in them.

    As in Go's decoding an object that is ``null`` is not there, and ``add`` takes its place.
    """
    trees: dict[int, tuple[Any, Path, dict[str, Any]]] = {}
    for put in puts:
        node: Any = pod.spec if put.node is None else put.node
        place: Path = ("spec",) if put.node is None else pod.path_of(put.node)
        _, _, tree = trees.setdefault(id(node), (node, place, {}))
        *objects, name = put.field
        for each in objects:
            tree = tree.setdefault(each, {})
        tree[name] = put.value
    return [each for node, place, tree in trees.values() for each in _additions(node, place, tree)]


def _additions(holder: object, place: Path, tree: Mapping[str, Any]) -> Iterator[Operation]:
    for name, value in tree.items():
        attribute = _ATTRIBUTES.get(name)
        below = None if attribute is None else getattr(holder, attribute)
        if below is None:
            yield Operation("/" + "/".join(map(str, (*place, name))), value)
        else:
            yield from _additions(below, (*place, name), value)
