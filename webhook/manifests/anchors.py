"""Anchors and aliases, within the limits that keep a few lines from exploding into gigabytes.

Source: module ``go.yaml.in/yaml/v2``, ``allowedAliasRatio`` in ``decode.go``: how many of the nodes of a
document may come from aliases.
"""

from typing import Any, Final

from webhook.manifests.limits import DEPTH, TOO_DEEP
from webhook.manifests.malformed import Malformed
from webhook.manifests.nodes import Mapping, Node, Sequence

_FEW_ALIASED: Final = 100
_FEW_NODES: Final = 1_000
_SMALL: Final = 400_000
_LARGE: Final = 4_000_000


def _allowed_share(nodes: int) -> float:
    """99 % of a small document may come from aliases, 10 % of a very large one."""
    beyond = min(max(nodes - _SMALL, 0), _LARGE - _SMALL)
    return 0.99 - 0.89 * beyond / (_LARGE - _SMALL)


class Anchors:
    """The anchors of one document, and what its aliases add up to."""

    def __init__(self) -> None:
        self._anchored: dict[str, Node | Mapping | Sequence] = {}
        self._measured: dict[int, tuple[int, int]] = {}
        self._nodes = 0
        self._aliased = 0

    def set(self, name: str, node: Node | Mapping | Sequence) -> None:
        """From here on *name* is *node*, which may still be open."""
        self._anchored[name] = node

    def close(self, name: str, collection: Mapping | Sequence, node: Node) -> None:
        """Let *name* stand for *node*, which *collection* became, unless the name was set anew meanwhile."""
        if self._anchored.get(name) is collection:
            self._anchored[name] = node

    def resolve(self, name: str, line: int, *, depth: int, nodes: int) -> Node:
        """What ``*name`` in *line* stands for, *depth* levels deep, after *nodes* that were written out.

        Raises Malformed where there is no such anchor, and beyond the limits.
        """
        target = self._anchored.get(name)
        if target is None:
            raise Malformed(line, f"*{name} refers to &{name}, which this document does not hold before it")
        if not isinstance(target, Node):
            raise Malformed(line, f"*{name} stands inside of &{name}: it would contain itself")
        size, height = self._measure(target.value)
        self._aliased += size
        nodes += self._aliased
        if depth + height > DEPTH:
            raise Malformed(line, TOO_DEEP)
        if nodes > _FEW_NODES and self._aliased > max(_FEW_ALIASED, nodes * _allowed_share(nodes)):
            raise Malformed(line, f"too much of this document comes from aliases as *{name}: write it out")
        return target._replace(line=line, is_alias=True)

    def _measure(self, value: Any) -> tuple[int, int]:  # noqa: ANN401 - any JSON value
        """How many nodes *value* has, and how deep it is."""
        if not isinstance(value, dict | list):
            return 1, 0
        known = self._measured.get(id(value))
        if known is None:
            keys, parts = (len(value), value.values()) if isinstance(value, dict) else (0, value)
            measured = [self._measure(part) for part in parts]
            size = 1 + keys + sum(size for size, _ in measured)
            known = size, 1 + max((height for _, height in measured), default=0)
            self._measured[id(value)] = known
        return known
