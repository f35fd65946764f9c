"""Requirements of node selectors as questions to a node.

Source: Kubernetes documentation, "Assigning Pods to Nodes" and "Labels and Selectors"; where these leave it
open, as kube-scheduler does.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from webhook.nodes.node import Node
from webhook.policy.core_v1 import NodeSelector, NodeSelectorRequirement, NodeSelectorTerm

Accepts = Callable[[Node], bool]

NAME: Final = "metadata.name"
_IN: Final = "In"
_NOT_IN: Final = "NotIn"
_GREATEST: Final = (1 << 63) - 1
_NUMBER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_LONGEST_NUMBER: Final = 64
_PART: Final = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_SUBDOMAIN: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_KEY: Final = re.compile(rf"({_SUBDOMAIN}/)?{_PART}")
_LONGEST_SUBDOMAIN: Final = 253
_VALUE: Final = re.compile(rf"({_PART})?")


def accepts(selector: NodeSelector) -> Accepts:
    """Whether a node meets one of the terms. A term that is empty, or that cannot be read, is met by none."""
    terms = [term for each in selector.node_selector_terms or () if (term := _term(each)) is not None]
    return lambda node: any(all(meets(node) for meets in term) for term in terms)


def names_in(selector: NodeSelector) -> frozenset[str] | None:
    """The only nodes that can meet *selector*, where every term names its nodes; else None."""
    names: set[str] = set()
    for term in selector.node_selector_terms or ():
        named = [
            {value or "" for value in each.values or ()}
            for each in term.match_fields or ()
            if (each.key, each.operator) == (NAME, _IN)
        ]
        if not named:
            return None
        names |= set.intersection(*named)
    return frozenset(names)


def has_labels(wanted: Iterable[tuple[str, str]]) -> Accepts:
    """Whether a node has all these labels."""
    pairs = tuple(wanted)
    return lambda node: all(node.labels.get(key) == value for key, value in pairs)


def number(text: str) -> int | None:
    """The 64-bit number that *text* is, as Go reads one, or None."""
    if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        return None
    found = int(text)
    return found if -_GREATEST - 1 <= found <= _GREATEST else None


def _term(term: NodeSelectorTerm) -> Sequence[Accepts] | None:
    of_labels, of_fields = term.match_expressions or (), term.match_fields or ()
    if not of_labels and not of_fields:
        return None
    found = [*map(_of_label, of_labels), *map(_of_field, of_fields)]
    readable = [each for each in found if each is not None]
    return readable if len(readable) == len(found) else None


def _of_label(requirement: NodeSelectorRequirement) -> Accepts | None:
    key, operator = requirement.key or "", requirement.operator or ""
    values = tuple(each or "" for each in requirement.values or ())
    make = _OPERATORS.get(operator)
    if make is None or not _is_key(key) or not all(map(_VALUE.fullmatch, values)):
        return None
    return make(key, values)


def _is_key(key: str) -> bool:
    return len(key.rpartition("/")[0]) <= _LONGEST_SUBDOMAIN and bool(_KEY.fullmatch(key))


def _in(key: str, values: tuple[str, ...]) -> Accepts | None:
    known = frozenset(values)
    return (lambda node: node.labels.get(key) in known) if values else None


def _not_in(key: str, values: tuple[str, ...]) -> Accepts | None:
    known = frozenset(values)
    return (lambda node: node.labels.get(key) not in known) if values else None


def _exists(key: str, values: tuple[str, ...]) -> Accepts | None:
    return None if values else (lambda node: key in node.labels)


def _does_not_exist(key: str, values: tuple[str, ...]) -> Accepts | None:
    return None if values else (lambda node: key not in node.labels)


def _compares(key: str, values: tuple[str, ...], *, greater: bool) -> Accepts | None:
    bound = number(values[0]) if len(values) == 1 else None
    if bound is None:
        return None

    def meets(node: Node) -> bool:
        found = number(node.labels.get(key, ""))
        return found is not None and (found > bound if greater else found < bound)

    return meets


def _greater(key: str, values: tuple[str, ...]) -> Accepts | None:
    return _compares(key, values, greater=True)


def _less(key: str, values: tuple[str, ...]) -> Accepts | None:
    return _compares(key, values, greater=False)


_OPERATORS: Final[Mapping[str, Callable[[str, tuple[str, ...]], Accepts | None]]] = {
    _IN: _in,
    _NOT_IN: _not_in,
    "Exists": _exists,
    "DoesNotExist": _does_not_exist,
    "Gt": _greater,
    "Lt": _less,
}


def _of_field(requirement: NodeSelectorRequirement) -> Accepts | None:
    key, operator = requirement.key or "", requirement.operator
    values = [each or "" for each in requirement.values or ()]
    if operator not in (_IN, _NOT_IN) or len(values) != 1:
        return None
    wanted = operator == _IN
    # A field that is not known is empty.
    return lambda node: ((node.name if key == NAME else "") == values[0]) is wanted
