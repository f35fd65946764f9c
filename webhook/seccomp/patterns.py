"""Comparisons of some bits of an argument, written as patterns of bits.

"What is left of the argument under this mask is greater than that" is no range of values. It is a choice of
patterns: somewhere a bit of the mask is set that is not set in the value, and above it all are equal.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

from webhook.seccomp.domains import LOWER, Steps
from webhook.seccomp.loaded import WHOLE, Comparison, Condition, LoadedRule

_PARTIAL: Final = frozenset({Comparison.GT, Comparison.GE})
_UPPER: Final = WHOLE ^ LOWER


def spelled_out(rules: tuple[LoadedRule, ...], steps: Steps) -> tuple[LoadedRule, ...]:
    """The same rules with no comparison left of other bits than all, or those of the lower half.

    What compares the upper half is a range; a rule that compares other bits becomes one for each pattern.

    Raises Undecided.
    """
    if all(condition.mask == WHOLE for rule in rules for condition in rule.conditions):
        return rules
    spelled: list[LoadedRule] = []
    for rule in rules:
        for conditions in product(*(tuple(_patterns(condition)) for condition in rule.conditions)):
            steps.take()
            spelled.append(rule._replace(conditions=conditions))
    return tuple(spelled)


def _patterns(condition: Condition) -> Iterator[Condition]:
    number, op, value, _, mask = condition
    if op not in _PARTIAL or mask == WHOLE:
        yield condition
        return
    if mask == LOWER:
        yield condition
        return
    least = _least(value + (op is Comparison.GT), mask)
    if least is None:
        return
    if mask == _UPPER:
        yield Condition(number, Comparison.GE, least)
        return
    yield Condition(number, Comparison.MASKED_EQ, mask, least)
    for at in range(WHOLE.bit_length()):
        bit = 1 << at
        if mask & bit and not least & bit:
            compared = mask & ~(bit - 1)
            yield Condition(number, Comparison.MASKED_EQ, compared, least & compared | bit)


def _least(value: int, mask: int) -> int | None:
    """The smallest number from *value* on that has bits of *mask* only; None if there is none."""
    if value & ~mask == 0:
        return value
    # Where the highest bit outside of the mask is, all below is free: raise the next free bit above it.
    outside = 1 << ((value & ~mask).bit_length() - 1)
    raised = mask & ~value & ~(outside - 1)
    if not raised:
        return None
    lowest = raised & -raised
    return value & mask & ~(lowest - 1) | lowest
