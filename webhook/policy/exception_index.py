"""Finds the exceptions that may let a violation pass, without a look at the others.

Of each exception one selector is chosen that few others share, and the exception is kept under what that
selects: a workload, a label, an account, a container, an image or a value. What a pod has of these is then
looked up, so that a thousand exceptions cost no more than those of which that one selector agrees.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from webhook.policy.check import Violation
from webhook.policy.core_v1 import Container
from webhook.policy.exceptions import Allowance, Match, PolicyException, account_of, value_of
from webhook.policy.origins import Origin
from webhook.policy.patterns import Image, Name, parts_of_image
from webhook.policy.pod import Pod

Pair = tuple[str, Hashable]
"""What a selector selects: a name, and what must be the same beside it for the name to mean anything."""

_Key = tuple[str, Pair, bool]
"""A selector, what it selects, and whether that is only the beginning of a name."""


class Candidate(NamedTuple):
    """An exception with one of the things that it lets pass; the smaller the rank, the less that is."""

    rank: tuple[object, ...]
    exception: PolicyException
    allowance: Allowance


class Group:
    """Candidates that match the same and let the same pass: of those that still hold the smallest counts."""

    __slots__ = ("_candidates", "_ends", "allowance", "match")

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        # One that ends no later than a smaller one never counts.
        self._candidates: list[Candidate] = []
        for each in sorted(candidates, key=rank_of):
            if not self._candidates or each.exception.expires > self._candidates[-1].exception.expires:
                self._candidates.append(each)
        self._ends = [each.exception.expires for each in self._candidates]
        self.match = self._candidates[0].exception.match
        self.allowance = self._candidates[0].allowance

    def on(self, day: date) -> Candidate | None:
        """The one that counts on *day*; of most groups there is but one."""
        if self._ends[-1] < day:
            return None
        at = bisect_left(self._ends, day)
        return self._candidates[at]


class Looked:
    """A pod that exceptions are looked up for; what it and its containers are called is found out once."""

    __slots__ = ("_known", "_origins", "_origins_of", "pod")

    def __init__(self, pod: Pod, origins: Callable[[], Iterable[Origin]]) -> None:
        self.pod = pod
        self._known: dict[tuple[str, int], list[Pair]] = {}
        self._origins_of = origins
        self._origins: tuple[Origin, ...] | None = None

    def origins(self) -> tuple[Origin, ...]:
        """What the pod comes from."""
        if self._origins is None:
            self._origins = tuple(self._origins_of())
        return self._origins

    def pairs(self, selector: str, node: Container | None = None) -> list[Pair]:
        """What the pod, or *node*, has of *selector*."""
        key = selector, id(node)
        known = self._known.get(key)
        if known is None:
            found = _OF_PODS[selector](self) if node is None else _OF_NODES[selector](node)
            known = self._known[key] = list(found)
        return known


class _Names:
    """Groups by what one selector selects."""

    __slots__ = ("_beginnings", "_exact")

    def __init__(self, kept: Iterable[tuple[_Key, Group]]) -> None:
        self._exact: dict[Pair, list[Group]] = {}
        # By what must be the same beside the name: groups by the beginning of it, and how long these are.
        self._beginnings: dict[str, tuple[dict[str, list[Group]], list[int]]] = {}
        for (_, pair, is_beginning), group in kept:
            if is_beginning:
                groups, _ = self._beginnings.setdefault(pair[0], ({}, []))
                groups.setdefault(str(pair[1]), []).append(group)
            else:
                self._exact.setdefault(pair, []).append(group)
        for groups, lengths in self._beginnings.values():
            lengths.extend(sorted(set(map(len, groups))))

    def find(self, pairs: list[Pair], found: list[Group]) -> None:
        """Add to *found* the groups that select one of *pairs*."""
        exact = self._exact
        for pair in pairs:
            if pair in exact:
                found += exact[pair]
        if self._beginnings:
            for beside, name in pairs:
                if beside in self._beginnings and isinstance(name, str):
                    groups, lengths = self._beginnings[beside]
                    for length in lengths:
                        if (beginning := name[:length]) in groups:
                            found += groups[beginning]


class Table:
    """The groups of candidates for one control in one place."""

    __slots__ = ("_always", "_of_nodes", "_of_pods", "_values", "looks_at_violations")

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        groups = _groups(candidates)
        choices = [list(_selectors(each)) for each in groups]
        shared = Counter(key for keys in choices for some in keys for key in some)
        self._always: list[Group] = []
        kept: dict[str, list[tuple[_Key, Group]]] = {}
        for group, keys in zip(groups, choices, strict=True):
            if not keys:
                self._always.append(group)
                continue
            fewest = min(keys, key=lambda some: max(shared[key] for key in some))
            for key in fewest:
                kept.setdefault(key[0], []).append((key, group))
        names = {selector: _Names(each) for selector, each in kept.items()}
        self._of_pods = [(each, names[each]) for each in _OF_PODS if each in names]
        self._of_nodes = [(each, names[each]) for each in _OF_NODES if each in names]
        self._values = names.get("value")
        self.looks_at_violations = bool(self._of_nodes) or self._values is not None

    def for_pod(self, looked: Looked) -> list[Group]:
        """The groups that may match *looked*, whatever is wrong with it."""
        found = self._always.copy()
        for selector, names in self._of_pods:
            names.find(looked.pairs(selector), found)
        return found

    def for_violation(self, looked: Looked, violation: Violation, found: list[Group]) -> None:
        """Add to *found* the groups that may match the container or the value of *violation*."""
        if self._of_nodes and isinstance(violation.node, Container):
            for selector, names in self._of_nodes:
                names.find(looked.pairs(selector, violation.node), found)
        if self._values is not None:
            value = value_of(violation)
            if type(value) in _SCALARS:
                self._values.find([_value(value)], found)


def rank_of(candidate: Candidate) -> tuple[object, ...]:
    """The rank, to sort by."""
    return candidate.rank


def _groups(candidates: Iterable[Candidate]) -> list[Group]:
    alike: dict[tuple[Match, Any], list[Candidate]] = {}
    for each in candidates:
        match, allowance = each.exception.match._replace(namespaces=()), each.allowance
        # To Python, true is 1.
        what = (*allowance, tuple(map(type, allowance.values)))
        alike.setdefault((match, what), []).append(each)
    return [Group(each) for each in alike.values()]


def _selectors(group: Group) -> Iterator[list[_Key]]:
    """For each selector that *group* has, the keys of which a pod must have one; a label is one by itself."""
    match = group.match
    if match.workloads:
        yield [_named("workload", each.name, f"{each.group}/{each.kind}") for each in match.workloads]
    for label in match.labels:
        yield [("label", label, False)]
    if match.service_accounts:
        yield [_named("account", each) for each in match.service_accounts]
    if match.containers:
        yield [_named("container", each) for each in match.containers]
    if match.images:
        yield [("image", _image(each), each.is_prefix) for each in match.images]
    if group.allowance.values:
        yield [("value", _value(each), False) for each in group.allowance.values]


def _named(selector: str, name: Name, beside: str = "") -> _Key:
    return selector, (beside, name.text), name.is_prefix


def _image(image: Image) -> Pair:
    return f"{image.tag}@{image.digest}" if image.tag or image.digest else "", image.repository


def _images(node: Container) -> Iterator[Pair]:
    repository, tag, digest = parts_of_image(node.image or "")
    yield "", repository
    if digest:
        yield f"@{digest}", repository
    if tag:
        yield f"{tag}@{digest}", repository


def _value(value: Any) -> Pair:  # noqa: ANN401 - text, a number or a boolean
    return type(value).__name__, value


_SCALARS: Final = frozenset({str, bool, int})
_OF_PODS: Final[dict[str, Callable[[Looked], Iterable[Pair]]]] = {
    "workload": lambda looked: [(f"{group}/{kind}", name) for group, kind, name in looked.origins()],
    "label": lambda looked: (looked.pod.metadata.labels or {}).items(),
    "account": lambda looked: [("", account_of(looked.pod))],
}
_OF_NODES: Final[dict[str, Callable[[Container], Iterable[Pair]]]] = {
    "container": lambda node: [("", node.name or "")],
    "image": _images,
}
