"""Where two lists of rules for one call decide differently: sets of arguments, exact, with an example."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from webhook.seccomp.actions import Outcome
from webhook.seccomp.call import Arguments
from webhook.seccomp.domains import LOWER_HALF, WHOLE_DOMAIN, Domain, Steps, narrowed
from webhook.seccomp.loaded import Condition, LoadedRule
from webhook.seccomp.profile import Place


class Region(NamedTuple):
    """A set of calls: those whose six arguments are each in the domain at its place. Never empty."""

    arguments: tuple[Domain, Domain, Domain, Domain, Domain, Domain]

    @property
    def example(self) -> Arguments:
        """One of its calls."""
        one, two, three, four, five, six = self.arguments
        return one.member, two.member, three.member, four.member, five.member, six.member

    def __contains__(self, arguments: object) -> bool:
        return isinstance(arguments, tuple) and all(map(Domain.__contains__, self.arguments, arguments))

    def where(self, condition: Condition, *, holds: bool, steps: Steps) -> "Region | None":
        """The part where *condition* holds, or does not; None if there is none. Raises Undecided."""
        at = condition.number
        domain = self.arguments[at]
        smaller = narrowed(domain, condition, holds=holds, steps=steps)
        if smaller is domain:
            return self
        if smaller is None:
            return None
        return Region((*self.arguments[:at], smaller, *self.arguments[at + 1 :]))  # type: ignore[arg-type]  # six as before


EVERYWHERE: Final = Region((WHOLE_DOMAIN,) * 6)
LOWER_HALVES: Final = Region((LOWER_HALF,) * 6)
"""All calls as a filter sees them on an architecture of 32 bits."""


class Decided(NamedTuple):
    """What becomes of the calls of a region, and the rule that says so; None where no rule does."""

    outcome: Outcome
    place: Place | None
    is_rule: bool


class RuleList(NamedTuple):
    """The rules for one call, and what becomes of it where none of them is met."""

    rules: tuple[LoadedRule, ...]
    otherwise: Outcome

    def at_once(self) -> Decided | None:
        """What becomes of all calls alike, where the first rule says so or there is none."""
        if not self.rules:
            return Decided(self.otherwise, None, is_rule=False)
        first = self.rules[0]
        return None if first.conditions else Decided(first.outcome, first.place, is_rule=True)

    def decides_as(self, other: "RuleList") -> bool:
        """Whether both say the same in the same words."""
        return self.otherwise == other.otherwise and [each[:2] for each in self.rules] == [
            each[:2] for each in other.rules
        ]


def parts(rule_list: RuleList, of: Region, steps: Steps) -> Iterator[tuple[Decided, Region]]:
    """*of* cut into regions that do not overlap, each with what becomes of its calls. Raises Undecided."""
    left = [of]
    for rule in rule_list.rules:
        decided = Decided(rule.outcome, rule.place, is_rule=True)
        missed: list[Region] = []
        for region in left:
            met = _met(rule, region, missed, steps)
            if met is not None:
                yield decided, met
        left = missed
        if not left:
            return
    decided = Decided(rule_list.otherwise, None, is_rule=False)
    for region in left:
        yield decided, region


def _met(rule: LoadedRule, region: Region, missed: list[Region], steps: Steps) -> Region | None:
    """The part of *region* that meets *rule*; the rest is added to *missed*."""
    for condition in rule.conditions:
        outside = region.where(condition, holds=False, steps=steps)
        if outside is not None:
            missed.append(outside)
        inside = region.where(condition, holds=True, steps=steps)
        if inside is None:
            return None
        region = inside
    return region


def disagreements(
    before: RuleList, after: RuleList, of: Region, steps: Steps
) -> Iterator[tuple[Decided, Decided, Region]]:
    """The regions of *of* where the outcomes differ. Raises Undecided."""
    one, other = before.at_once(), after.at_once()
    if one is not None and other is not None:
        if one.outcome != other.outcome:
            yield one, other, of
        return
    if before.decides_as(after):
        return
    possible = _outcomes(after)
    for decided, region in parts(before, of, steps):
        if possible == {decided.outcome}:
            continue
        for then, smaller in parts(after, region, steps):
            if then.outcome != decided.outcome:
                yield decided, then, smaller


def _outcomes(rule_list: RuleList) -> set[Outcome]:
    return {rule_list.otherwise, *(rule.outcome for rule in rule_list.rules)}
