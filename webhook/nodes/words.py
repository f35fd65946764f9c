"""The words in which it is told what is wrong with profiles of the node: ours, not the built-in plugin's."""

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Final

from webhook.policy.check import Finding, Violation
from webhook.policy.core_v1 import Container, Volume

_MOST_NAMES: Final = 3
_LONGEST_QUOTED: Final = 128


def quoted(name: str) -> str:
    """*name* in quotation marks, or as much of it as can be read at a glance."""
    return f'"{name if len(name) <= _LONGEST_QUOTED else name[: _LONGEST_QUOTED - 1] + "…"}"'


def on_nodes(nodes: Sequence[str], known: int = 0) -> str:
    """Where something is: ``on 2 of 5 nodes (a, b)``, where *known* says how many could have it.

    A folder that stands for a node has a slash at the end of its name, which no node's name has.
    """
    if len(nodes) == 1 and known <= 1:
        return f"in {nodes[0]}" if nodes[0].endswith("/") else f"on node {nodes[0]}"
    first = nsmallest(_MOST_NAMES, nodes)
    more = f" and {len(nodes) - len(first):,} more" if len(nodes) > len(first) else ""
    named = f"({', '.join(first)}{more})"
    if not known:
        return f"on {_counted(len(nodes))} {named}"
    if len(nodes) == known:
        return f"on all {known:,} nodes the pod may be scheduled to {named}"
    return f"on {len(nodes):,} of {known:,} nodes the pod may be scheduled to {named}"


def violates(findings: Iterable[Finding]) -> str:
    """The sentence of a denial, or of a warning, without the name of the pod."""
    told = "; ".join(dict.fromkeys(detail(each) for each in findings))
    return f"LocalhostProfiles: {told}"


def detail(finding: Finding) -> str:
    """Who breaks the control and how: each sentence once, with all that it is about."""
    by_words: dict[str, list[Violation]] = {}
    for each in finding.violations:
        by_words.setdefault(each.rule.words, []).append(each)
    return "; ".join(f"{_who(violations)} {words}" for words, violations in by_words.items())


def _who(violations: Iterable[Violation]) -> str:
    nodes = {id(each.node): each.node for each in violations}.values()
    parts = ["pod"] if any(node is None for node in nodes) else []
    for noun, kind in (("container", Container), ("volume", Volume)):
        names = [node.name or "" for node in nodes if isinstance(node, kind)]
        if names:
            parts.append(_several(noun, names))
    return " and ".join(parts)


def _several(noun: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(map(quoted, names[:_MOST_NAMES]))}{more}"


def _counted(number: int) -> str:
    return f"{number:,} node{'' if number == 1 else 's'}"
