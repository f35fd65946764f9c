"""One rule as libseccomp takes it: a chain of comparisons of 32 bits, all that a filter can compare at once.

Source: seccomp_rule_add(3) for what a rule means; how it is taken apart was learned from libseccomp's own
behavior, against which ``tests/conformance/test_libseccomp.py`` holds it.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from webhook.seccomp.actions import Outcome
from webhook.seccomp.loaded import WHOLE, Comparison, Condition
from webhook.seccomp.profile import Place

LOW: Final = 0xFFFFFFFF
"""The lower half of an argument, and the greatest value of either."""

# Which is asked first at one argument: what names values, then what is below, then what is above.
_CLASS: Final = {
    Comparison.EQ: 3,
    Comparison.NE: 3,
    Comparison.MASKED_EQ: 3,
    Comparison.LT: 2,
    Comparison.LE: 2,
    Comparison.GT: 1,
    Comparison.GE: 1,
}
# How the lower half is compared, and whether the rule is met if that holds.
_LOWER: Final = {
    Comparison.EQ: (Comparison.EQ, True),
    Comparison.NE: (Comparison.EQ, False),
    Comparison.MASKED_EQ: (Comparison.MASKED_EQ, True),
    Comparison.GT: (Comparison.GT, True),
    Comparison.LE: (Comparison.GT, False),
    Comparison.GE: (Comparison.GE, True),
    Comparison.LT: (Comparison.GE, False),
}


# How many comparisons of halves it takes for what starts like this.
_SIZE: Final = {Comparison.EQ: 2, Comparison.MASKED_EQ: 2, Comparison.GT: 3}


class Decision(NamedTuple):
    """What a chain ends in, and the rule of the file that says so."""

    outcome: Outcome
    place: Place | None


class Node:
    """A comparison of one half of an argument, and what follows if it holds (``yes``) and if not (``no``).

    The nodes of one level, of which the first that leads anywhere is taken, are linked by ``before`` and
    ``after``. ``holders`` counts who refers to a node: libseccomp drops one that nobody holds, and what
    becomes of a tree depends on it. ``order`` is greater the earlier a node stands in its level;
    nodes that compare alike have the same ``alike``; ``whole`` is the value of which ``datum`` is a half.
    """

    __slots__ = (
        "after", "alike", "before", "datum", "high", "holders", "mask", "no", "number", "on_no", "on_yes",
        "op", "order", "whole", "yes",
    )  # fmt: skip

    def __init__(self, condition: Condition, op: Comparison, shift: int) -> None:
        is_masked = condition.op is Comparison.MASKED_EQ
        mask = condition.value if is_masked else WHOLE
        self.whole = condition.value_two if is_masked else condition.value
        self.number = condition.number
        self.op = op
        self.high = shift == _HALF
        self.mask = mask >> shift & LOW
        self.datum = self.whole >> shift & self.mask
        self.yes: Node | None = None
        self.no: Node | None = None
        self.on_yes: Decision | None = None
        self.on_no: Decision | None = None
        self.before: Node | None = None
        self.after: Node | None = None
        self.holders = 0
        half = 2 * self.number + self.high
        is_below = condition.op in {Comparison.LT, Comparison.LE}
        self.order = (half, _CLASS[condition.op], -self.datum if is_below else self.datum)
        self.alike = (half, op, self.datum, self.mask)

    @property
    def is_leaf(self) -> bool:
        """Whether nothing else is compared after this."""
        return self.yes is None and self.no is None


_HALF: Final = 32


class Chain(NamedTuple):
    """The first node of a chain, None where nothing is compared, and how many there are."""

    first: Node | None
    size: int


def chain_of(conditions: Iterable[Condition], decision: Decision, bits: int) -> Chain:
    """The chain that comes to *decision* if all conditions are met.

    *bits* is the width of the architecture: on one of 32 the upper halves are not looked at.
    """
    first: Node | None = None
    size = 0
    exits: list[tuple[Node, bool]] = []
    for condition in sorted(conditions):
        if condition.op is Comparison.MASKED_EQ and not condition.value & (WHOLE if bits > _HALF else LOW):
            continue
        start, leaving = _wide(condition) if bits > _HALF else _narrow(condition)
        for node, holds in exits:
            _lead(node, start, holds=holds)
        if first is None:
            first = held(start)
        exits = leaving
        size += _SIZE[start.op] if bits > _HALF else 1
    for node, holds in exits:
        if holds:
            node.on_yes = decision
        else:
            node.on_no = decision
    return Chain(first, size)


def held(node: Node) -> Node:
    """*node*, with one holder more."""
    node.holders += 1
    return node


def _wide(condition: Condition) -> tuple[Node, list[tuple[Node, bool]]]:
    """The nodes of a comparison of 64 bits: the first one, and from where it goes on if it is met."""
    op, holds = _LOWER[condition.op]
    lower = Node(condition, op, 0)
    if op in {Comparison.EQ, Comparison.MASKED_EQ}:
        upper = Node(condition, op, _HALF)
        _lead(upper, lower, holds=True)
        return upper, [(lower, True)] if holds else [(upper, False), (lower, False)]
    upper, equal = Node(condition, Comparison.GT, _HALF), Node(condition, Comparison.EQ, _HALF)
    _lead(upper, equal, holds=False)
    _lead(equal, lower, holds=True)
    return upper, [(upper if holds else equal, holds), (lower, holds)]


def _narrow(condition: Condition) -> tuple[Node, list[tuple[Node, bool]]]:
    op, holds = _LOWER[condition.op]
    node = Node(condition, op, 0)
    return node, [(node, holds)]


def _lead(node: Node, to: Node, *, holds: bool) -> None:
    if holds:
        node.yes = held(to)
    else:
        node.no = held(to)
