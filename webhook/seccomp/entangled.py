"""The rules for a call where the program compares something else than its tree says, taken from the program.

Source: ``program`` says how that comes about; what comes of it is held against libseccomp's programs by
``tests/conformance/test_libseccomp.py``.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from webhook.seccomp.actions import Outcome
from webhook.seccomp.chains import LOW, Decision
from webhook.seccomp.loaded import Comparison, Condition, LoadedRule, Unjudged
from webhook.seccomp.program import Block, Half

_HALF: Final = 32
_MOST_RULES: Final = 20_000

_Ranges = tuple[tuple[int, int], ...]


class _Way(NamedTuple):
    """How far one way through the program has come: what was loaded, what held, what each half can be yet."""

    at: "Block | Decision | None"
    loaded: tuple[Half, int] | None
    conditions: tuple[Condition, ...]
    left: dict[Half, _Ranges]


def entangled_rules(start: Block, default: Outcome) -> tuple[LoadedRule, ...]:
    """Every way through the program. Those where a comparison holds come first: none says what did not hold.

    Raises Unjudged where there are too many ways.
    """
    rules: list[LoadedRule] = []
    for rule in _ways(start, default):
        rules.append(rule)
        if len(rules) > _MOST_RULES:
            raise Unjudged(f"libseccomp confuses the conditions of a call, in more than {_MOST_RULES:,} ways")
        if not rule.conditions:
            break
    return tuple(rules)


def _ways(start: Block, default: Outcome) -> Iterator[LoadedRule]:
    waiting = [_Way(start, None, (), {})]
    while waiting:
        at, loaded, conditions, left = waiting.pop()
        if at is None:
            yield LoadedRule(conditions, default, None)
            continue
        if isinstance(at, Decision):
            yield LoadedRule(conditions, *at)
            continue
        half, mask = _in_hand(at, loaded)
        ranges = left.get(half, ((0, LOW),))
        holds, fails = _parted(ranges, at, mask)
        if fails:
            waiting.append(_Way(at.no, (half, mask), conditions, {**left, half: fails}))
        if holds:
            # What must hold anyway is no condition.
            now = (*conditions, _condition(at, half, mask)) if fails else conditions
            waiting.append(_Way(at.yes, (half, mask), now, {**left, half: holds}))


def _in_hand(block: Block, loaded: tuple[Half, int] | None) -> tuple[Half, int]:
    """What is compared: which half, under which mask."""
    if block.loads or loaded is None:
        loaded = (block.half, LOW)
    elif block.written.reloads and block.needs is not None:
        loaded = block.needs
    half, mask = loaded
    return half, mask & block.leaves[1] if block.masks else mask


def _condition(block: Block, half: Half, mask: int) -> Condition:
    number, is_upper = half
    shift = _HALF if is_upper else 0
    if block.op in {Comparison.EQ, Comparison.MASKED_EQ}:
        return Condition(number, Comparison.MASKED_EQ, mask << shift, block.datum << shift)
    return Condition(number, block.op, block.datum << shift, mask=mask << shift)


def _parted(ranges: _Ranges, block: Block, mask: int) -> tuple[_Ranges, _Ranges]:
    """What of *ranges* meets the comparison, and what does not; under a mask either may be anything."""
    if mask != LOW:
        never = block.op in {Comparison.EQ, Comparison.MASKED_EQ} and block.datum & ~mask
        return () if never else ranges, ranges
    if block.op is Comparison.GT:
        first, last = block.datum + 1, LOW
    elif block.op is Comparison.GE:
        first, last = block.datum, LOW
    else:
        first = last = block.datum
    inside = tuple((max(low, first), min(high, last)) for low, high in ranges)
    below = tuple((low, min(high, first - 1)) for low, high in ranges)
    above = tuple((max(low, last + 1), high) for low, high in ranges)
    return _real(inside), _real(below + above)


def _real(ranges: _Ranges) -> _Ranges:
    return tuple(each for each in ranges if each[0] <= each[1])
