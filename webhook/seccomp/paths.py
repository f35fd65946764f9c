"""A tree of comparisons as rules with conditions of 64 bits, of which the first that is met decides.

Source: how a filter walks a tree is libseccomp's; what it comes to is held against its programs by
``tests/conformance/test_libseccomp.py``.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from webhook.seccomp.chains import LOW, Decision, Node
from webhook.seccomp.loaded import WHOLE, Comparison, Condition, LoadedRule
from webhook.seccomp.tree import Tree

_HALF: Final = 32
_Range = tuple[int, int]


class _Argument(NamedTuple):
    """What an argument is on one way down: in one of *ranges*, and under each mask what goes with it."""

    ranges: tuple[_Range, ...]
    mask: int = 0
    wanted: int = 0


class _Way(NamedTuple):
    arguments: tuple[_Argument, ...]
    decision: Decision


def rules_of(tree: Tree, bits: int) -> tuple[LoadedRule, ...]:
    """The rules that *tree* comes to on an architecture of *bits*."""
    if tree.unconditional is not None:
        return (LoadedRule((), *tree.unconditional),)
    anything = _Argument(((0, WHOLE if bits > _HALF else LOW),))
    united: list[_Way] = []
    for way in _ways(tree.chains, (anything,) * 6):
        united.append(way)
        while len(united) > 1 and (both := _united(united[-2], united[-1])):
            united[-2:] = [both]
    rules: list[LoadedRule] = []
    for way in united:
        for conditions in product(
            *(_conditions(at, each, anything) for at, each in enumerate(way.arguments))
        ):
            rules.append(LoadedRule(tuple(one for several in conditions for one in several), *way.decision))
            if not rules[-1].conditions:
                return tuple(rules)
    return tuple(rules)


def _ways(level: Node | None, arguments: tuple[_Argument, ...]) -> Iterator[_Way]:
    """The ways down from *level* that end in a decision, in the order in which they are tried."""
    node = level
    while node is not None and node.before is not None:
        node = node.before
    while node is not None:
        for holds, following, decision in ((True, node.yes, node.on_yes), (False, node.no, node.on_no)):
            if following is None and decision is None:
                continue
            narrowed = _narrowed(arguments[node.number], node, holds=holds)
            if not narrowed.ranges:
                continue
            now = (*arguments[: node.number], narrowed, *arguments[node.number + 1 :])
            if following is not None:
                yield from _ways(following, now)
            elif decision is not None:
                yield _Way(now, decision)
        node = node.after


def _narrowed(argument: _Argument, node: Node, *, holds: bool) -> _Argument:
    """*argument* where the comparison of *node* holds, or where it does not."""
    if node.op is Comparison.MASKED_EQ:
        shift = _HALF if node.high else 0
        mask, wanted = node.mask << shift, node.datum << shift
        return _Argument(argument.ranges, argument.mask | mask, argument.wanted | wanted)
    kept: list[_Range] = []
    for first, last in argument.ranges:
        met = _met(node, first)
        if not holds:
            met = _outside(met, last)
        kept += [
            (max(first, low), min(last, high)) for low, high in met if max(first, low) <= min(last, high)
        ]
    return argument._replace(ranges=tuple(kept))


def _met(node: Node, first: int) -> tuple[_Range, ...]:
    """The values for which *node*'s comparison holds.

    A lower half is compared only where the upper one is settled: it is that of *first*.
    """
    datum = node.datum
    if node.high:
        start, end, most = datum << _HALF, datum << _HALF | LOW, WHOLE
    else:
        upper = first & ~LOW
        start = end = upper | datum
        most = upper | LOW
    if node.op is Comparison.EQ:
        return ((start, end),)
    if node.op is Comparison.GE:
        return ((start, most),)
    return ((end + 1, most),) if end < most else ()


def _outside(ranges: tuple[_Range, ...], last: int) -> tuple[_Range, ...]:
    """All that is not in *ranges*, as far as *last*."""
    free, start = [], 0
    for low, high in ranges:
        free.append((start, low - 1))
        start = high + 1
    return (*free, (start, last))


def _united(one: _Way, other: _Way) -> _Way | None:
    """One way for two that come to the same and differ in one argument, where there is one."""
    if one.decision != other.decision:
        return None
    differing = [at for at in range(6) if one.arguments[at] != other.arguments[at]]
    if len(differing) != 1:
        return one if not differing else None
    at = differing[0]
    first, second = one.arguments[at], other.arguments[at]
    if (first.mask, first.wanted) != (second.mask, second.wanted):
        return None
    joined: list[_Range] = []
    for low, high in sorted((*first.ranges, *second.ranges)):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    both = first._replace(ranges=tuple(joined))
    return one._replace(arguments=(*one.arguments[:at], both, *one.arguments[at + 1 :]))


def _conditions(number: int, argument: _Argument, anything: _Argument) -> list[tuple[Condition, ...]]:
    """The conditions that say what *argument* is: one set of them or another."""
    most = anything.ranges[0][1]
    masked: tuple[Condition, ...] = ()
    if argument.mask:
        masked = (Condition(number, Comparison.MASKED_EQ, argument.mask, argument.wanted),)
    match argument.ranges:
        case ((0, low), (high, last)) if low + 2 == high and last == most:
            return [(Condition(number, Comparison.NE, low + 1), *masked)]
    return [(*_between(number, low, high, most), *masked) for low, high in argument.ranges]


def _between(number: int, low: int, high: int, most: int) -> Iterator[Condition]:
    if low == high:
        yield Condition(number, Comparison.EQ, low)
        return
    if low:
        yield Condition(number, Comparison.GE, low)
    if high < most:
        yield Condition(number, Comparison.LE, high)
