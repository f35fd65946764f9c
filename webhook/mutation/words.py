"""Warnings to whoever sent a pod: short, and one for each kind of thing, however many containers it is about.

Source: Kubernetes documentation, "Dynamic Admission Control", section "Response" (120 characters).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from webhook.mutation.default import LeftAlone, Remark
from webhook.policy.core_v1 import Container

LONGEST: Final = 120
_WHERE: Final = "{where}"


def said(left_alone: Iterable[tuple[str, LeftAlone]], remarks: Iterable[Remark]) -> tuple[str, ...]:
    """The warnings; *left_alone* has the id of the default beside each container."""
    return (*_not_put_in(left_alone), *_remarked(remarks))


def _not_put_in(left_alone: Iterable[tuple[str, LeftAlone]]) -> Iterable[str]:
    """What was not put in: containers with the same reason and the same defaults share a sentence."""
    of_container: dict[tuple[int, str], tuple[Container, list[str]]] = {}
    for name, (node, why) in left_alone:
        of_container.setdefault((id(node), why), (node, []))[1].append(name)
    shared: dict[tuple[str, str], list[Container]] = {}
    for (_, why), (node, ids) in of_container.items():
        shared.setdefault((", ".join(ids), why), []).append(node)
    for (names, why), nodes in shared.items():
        yield _fit(f"{names} not put into {_WHERE}: {why}", nodes)


def _remarked(remarks: Iterable[Remark]) -> Iterable[str]:
    shared: dict[tuple[bool, str], list[Container]] = {}
    for node, words in remarks:
        nodes = shared.setdefault((node is None, words), [])
        if node is not None:
            nodes.append(node)
    for (is_pod, words), nodes in shared.items():
        yield words.replace(_WHERE, "the pod") if is_pod else _fit(words, nodes)


def _fit(words: str, nodes: Sequence[Container]) -> str:
    """*words* about the containers, by name where that is not too long, else by number."""
    if len(nodes) * 4 < LONGEST:
        names = ", ".join(f'"{each.name or ""}"' for each in nodes)
        text = words.replace(_WHERE, f"container{'s' if len(nodes) > 1 else ''} {names}")
        if len(text) <= LONGEST:
            return text
    return words.replace(_WHERE, f"{len(nodes)} containers" if len(nodes) > 1 else "a container")
