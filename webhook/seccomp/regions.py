"""Where two lists of rules for one call decide differently: sets of arguments, exact, with an example."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.call import Arguments, Verdict
from webhook.seccomp.domains import LOWER_HALF, WHOLE_DOMAIN, Domain, Steps, narrowed
from webhook.seccomp.loaded import Condition, LoadedRule
from webhook.seccomp.patterns import spelled_out
from webhook.seccomp.verdict import WHY_RULE


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


class RuleList(NamedTuple):
    """The rules for one call, and what becomes of it where none of them is met."""

    rules: tuple[LoadedRule, ...]
    otherwise: Verdict

    def at_once(self) -> Verdict | None:
        """What becomes of all calls alike, where the first rule says so or there is none."""
        if not self.rules:
            return self.otherwise
        first = self.rules[0]
        return None if first.conditions else _verdict(first)

    def decides_as(self, other: "RuleList") -> bool:
        """Whether both say the same in the same words."""
        return self.otherwise.outcome == other.otherwise.outcome and [each[:2] for each in self.rules] == [
            each[:2] for each in other.rules
        ]


def parts(rule_list: RuleList, of: Region, steps: Steps) -> Iterator[tuple[Verdict, Region]]:
    """*of* cut into regions that do not overlap, each with what becomes of its calls. Raises Undecided."""
    left = [of]
    for rule in rule_list.rules:
        verdict = _verdict(rule)
        missed: list[Region] = []
        for region in left:
            met = _met(rule, region, missed, steps)
            if met is not None:
                yield verdict, met
        left = missed
        if not left:
            return
    for region in left:
        yield rule_list.otherwise, region


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
) -> Iterator[tuple[Verdict, Verdict, Region]]:
    """The regions of *of* where the outcomes differ. Raises Undecided."""
    one, other = before.at_once(), after.at_once()
    if one is not None and other is not None:
        if one.outcome != other.outcome:
            yield one, other, of
        return
    if before.decides_as(after):
        return
    before, after = (each._replace(rules=spelled_out(each.rules, steps)) for each in (before, after))
    # What meets a rule of both beginnings is decided alike.
    shared = _shared(before.rules, after.rules)
    left = [
        region
        for verdict, region in parts(RuleList(before.rules[:shared], _UNDECIDED), of, steps)
        if verdict is _UNDECIDED
    ]
    before, after = (each._replace(rules=each.rules[shared:]) for each in (before, after))
    possible = {after.otherwise.outcome, *(rule.outcome for rule in after.rules)}
    for beginning in left:
        for then, region in parts(before, beginning, steps):
            if possible == {then.outcome}:
                continue
            for now, smaller in parts(after, region, steps):
                if now.outcome != then.outcome:
                    yield then, now, smaller


_UNDECIDED: Final = Verdict(Outcome(Action.ALLOW), None, "no rule")


def _shared(one: Sequence[LoadedRule], other: Sequence[LoadedRule]) -> int:
    """How many rules both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a[:2] != b[:2]), min(len(one), len(other)))


def _verdict(rule: LoadedRule) -> Verdict:
    return Verdict(rule.outcome, rule.place.line if rule.place else None, WHY_RULE)
