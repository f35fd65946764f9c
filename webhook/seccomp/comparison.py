"""Two filters side by side: which calls reach the kernel under one of them and not under the other.

Exact: for each architecture and system call the sets of arguments are computed, not tried out.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from webhook.seccomp.actions import ENOSYS, Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES, X32, X32_BIT, X86_64
from webhook.seccomp.call import Call, Verdict
from webhook.seccomp.domains import Steps, Undecided
from webhook.seccomp.loaded import Loaded
from webhook.seccomp.regions import EVERYWHERE, LOWER_HALVES, Region, RuleList, disagreements
from webhook.seccomp.syscalls import names
from webhook.seccomp.verdict import (
    WHY_ARCHITECTURE,
    WHY_DEFAULT,
    WHY_ENOSYS,
    WHY_NO_FILTER,
)

STEPS_PER_CALL: Final = 200_000
STEPS: Final = 400_000
"""How much work a comparison may be: a second or so. No profile that is meant well gets near."""

NOBODY_S_NAME: Final = ""
"""Stands for the calls that have no name: those of kernels to come."""


class Change(StrEnum):
    """What the second filter does, and the first does not."""

    OPENS = "opens"
    """The call reaches the kernel."""
    CLOSES = "closes"
    """The call does not reach the kernel any more."""
    ANSWERS = "answers"
    """Something else differs: another errno, a signal for an errno, a line in the log."""


class Difference(NamedTuple):
    """Calls of one name that the two filters treat differently, in one and the same way.

    ``regions`` are their arguments, none twice; ``example`` is one of them. The verdicts are of that call.
    """

    change: Change
    name: str
    example: Call
    before: Verdict
    after: Verdict
    regions: tuple[Region, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is so for all arguments."""
        return self.regions[0] in (EVERYWHERE, LOWER_HALVES)


class Unclear(NamedTuple):
    """A call whose rules were too many or too entangled to compare."""

    name: str
    architecture: str


class Comparison(NamedTuple):
    """All differences, in the order of architectures and numbers, and the calls that were not compared."""

    differences: tuple[Difference, ...]
    unclear: tuple[Unclear, ...] = ()


def compare(before: Loaded, after: Loaded, *, steps: int = STEPS) -> Comparison:
    """What *after* does otherwise than *before*, for all calls of all architectures that either filters.

    A comparison takes a bounded time: calls that would take more than *steps* in all are left unclear.
    """
    differences: list[Difference] = []
    unclear: list[Unclear] = []
    for architecture in _architectures(before, after):
        everything = LOWER_HALVES if ARCHITECTURES[architecture].bits == 32 else EVERYWHERE  # noqa: PLR2004
        one, other = _Filter(before, architecture), _Filter(after, architecture)
        for number, name in _numbers(architecture, one, other):
            then, now = one.of(number), other.of(number)
            if not then.rules and not now.rules and then.otherwise.outcome == now.otherwise.outcome:
                continue  # so it is for most calls, and every microsecond counts here
            given = min(STEPS_PER_CALL, steps)
            budget = Steps(given)
            try:
                regions = list(disagreements(then, now, everything, budget))
                differences += _gathered(regions, name, Call(architecture, number))
            except Undecided:
                unclear.append(Unclear(name, architecture))
            steps -= given - max(budget.left, 0)
    return Comparison(tuple(differences), tuple(unclear))


class _Filter:
    """What a filter does with the calls of one architecture."""

    def __init__(self, loaded: Loaded, architecture: str) -> None:
        self.rules = loaded.filters.get(architecture, {})
        self.last = loaded.enosys_above.get(architecture) if loaded.is_filter else None
        self.refused = loaded.enosys_numbers.get(architecture, frozenset())
        if not loaded.is_filter:
            otherwise = Verdict(loaded.default, None, WHY_NO_FILTER)
        elif architecture in loaded.filters:
            otherwise = Verdict(loaded.default, None, WHY_DEFAULT)
        else:
            otherwise = Verdict(loaded.bad_architecture, None, WHY_ARCHITECTURE)
        self.otherwise = RuleList((), otherwise)

    def of(self, number: int) -> RuleList:
        """The rules for a call, and the verdict where no rule is met."""
        if self.last is not None and (number > self.last or number in self.refused):
            return _ENOSYS
        rules = self.rules.get(number)
        return RuleList(rules, self.otherwise.otherwise) if rules else self.otherwise


_ENOSYS: Final = RuleList((), Verdict(Outcome(Action.ERRNO, ENOSYS), None, WHY_ENOSYS))


def _gathered(
    regions: Sequence[tuple[Verdict, Verdict, Region]], name: str, call: Call
) -> Iterator[Difference]:
    """One difference for each pair of verdicts."""
    found: dict[tuple[Verdict, Verdict], list[Region]] = {}
    for then, now, region in regions:
        found.setdefault((then, now), []).append(region)
    for (then, now), those in found.items():
        example = Call(call.architecture, call.number, those[0].example)
        yield Difference(_change(then.outcome, now.outcome), name, example, then, now, tuple(those))


def _change(before: Outcome, after: Outcome) -> Change:
    if before.action.restricts == after.action.restricts:
        return Change.ANSWERS
    return Change.OPENS if before.action.restricts else Change.CLOSES


def _architectures(before: Loaded, after: Loaded) -> list[str]:
    """All that either filters; where one of them filters nothing, those of the other."""
    return sorted({*before.filters, *after.filters}, key=list(ARCHITECTURES).index)


def _numbers(architecture: str, *filters: _Filter) -> Iterator[tuple[int, str]]:
    """The number and name of every call, and one number for each sort of those that nobody has named."""
    named = _named(architecture)
    yield from named.items()
    refused = {number for each in filters for number in each.refused}
    known = {*named, *refused, *(number for each in filters for number in each.rules)}
    yield from ((number, NOBODY_S_NAME) for number in sorted(known - {*named}))
    least = X32_BIT if architecture == X32 else 0
    ends = {least, *(max(least, each.last + 1) for each in filters if each.last is not None)}
    yield from ((number, NOBODY_S_NAME) for number in sorted({_first_free(end, known) for end in ends}))


@cache
def _named(architecture: str) -> Mapping[int, str]:
    """The names of the architecture's own numbers, not of those by which one of the twins means the other."""
    numbers = {number: name for name, number in names(architecture).items()}
    if architecture in {X32, X86_64}:
        numbers = {each: name for each, name in numbers.items() if (each >= X32_BIT) == (architecture == X32)}
    return dict(sorted(numbers.items()))


def _first_free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    return number
