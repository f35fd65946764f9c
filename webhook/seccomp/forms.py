"""For which arguments one call is let through, in a form that rules can say.

A list of rules lets a call through always, never, for some arguments (rules that allow before a refusal), or
for all but some (rules that refuse before an allowance). Negation and conjunction keep to what one rule can
say: conditions on different arguments.
"""

from collections.abc import Iterable
from itertools import product
from typing import Final, NamedTuple

from webhook.seccomp.actions import Outcome
from webhook.seccomp.domains import WHOLE_DOMAIN, Domain, Steps, narrowed
from webhook.seccomp.loaded import Comparison, Condition
from webhook.seccomp.regions import RuleList

Conditions = tuple[Condition, ...]
"""The conditions of one rule, all of which must hold."""

_MOST_RULES: Final = 256
_STEPS: Final = 10_000
_OPPOSITE: Final = {
    Comparison.EQ: Comparison.NE,
    Comparison.NE: Comparison.EQ,
    Comparison.LT: Comparison.GE,
    Comparison.GE: Comparison.LT,
    Comparison.GT: Comparison.LE,
    Comparison.LE: Comparison.GT,
}


class Unsayable(ValueError):
    """No rules say this: the text tells why."""


class Form(NamedTuple):
    """Lets through with ``passes`` and refuses with ``refuses``.

    It passes where one of ``rules`` holds, or, ``is_inverted``, where none of them does. So no rules at all
    mean never, and inverted, always.
    """

    passes: Outcome
    refuses: Outcome
    rules: tuple[Conditions, ...] = ()
    is_inverted: bool = False

    @property
    def is_always(self) -> bool:
        """Whether it passes whatever the arguments."""
        return self.is_inverted and not self.rules

    @property
    def is_never(self) -> bool:
        """Whether it is refused whatever the arguments."""
        return not self.is_inverted and not self.rules

    def inverted(self, *, is_inverted: bool) -> "Form":
        """The same, said the other way round if it must be. Raises Unsayable."""
        if self.is_inverted is is_inverted:
            return self
        return self._replace(rules=negated(self.rules), is_inverted=is_inverted)


def form_of(rule_list: RuleList, passes: Outcome, refuses: Outcome) -> Form:
    """What the rules of a call come to. Raises Unsayable where rules of both kinds are mixed.

    *passes* and *refuses* are the outcomes where the rules have none of that kind.
    """
    outcomes = [rule.outcome for rule in rule_list.rules]
    first = next((at for at, rule in enumerate(rule_list.rules) if not rule.conditions), None)
    if first is None:
        otherwise, rules = rule_list.otherwise.outcome, rule_list.rules
    else:
        otherwise, rules = rule_list.rules[first].outcome, rule_list.rules[:first]
    outcomes = [rule.outcome for rule in rules if rule.outcome != otherwise]
    if len(set(outcomes)) > 1 or any(
        each.action.restricts is otherwise.action.restricts for each in outcomes
    ):
        raise Unsayable("its rules have actions of several kinds")
    if any(rule.outcome == otherwise for rule in rules) and outcomes:
        raise Unsayable("its rules have actions of several kinds")
    conditions = tuple(rule.conditions for rule in rules if rule.outcome != otherwise)
    other = outcomes[0] if outcomes else None
    if otherwise.action.restricts:
        return Form(other or passes, otherwise, conditions)
    return Form(otherwise, other or refuses, conditions, is_inverted=True)


def union(one: Form, other: Form) -> Form:
    """Passes where either passes; what both refuse is refused as *one* does. Raises Unsayable."""
    if one.is_always or other.is_never:
        return one
    if other.is_always or one.is_never:
        return other._replace(refuses=one.refuses)
    if not one.is_inverted and not other.is_inverted:
        return one._replace(rules=tuple(dict.fromkeys(one.rules + other.rules)))
    try:
        left, right = one.inverted(is_inverted=True), other.inverted(is_inverted=True)
        return left._replace(rules=conjunction(left.rules, right.rules))
    except Unsayable:
        left, right = one.inverted(is_inverted=False), other.inverted(is_inverted=False)
        return left._replace(rules=tuple(dict.fromkeys(left.rules + right.rules)))


def intersection(one: Form, other: Form) -> Form:
    """Passes where both pass; what *one* refuses is refused as it does. Raises Unsayable."""
    if one.is_never or other.is_always:
        return one
    if other.is_never or one.is_always:
        return other
    if one.is_inverted and other.is_inverted:
        return one._replace(rules=tuple(dict.fromkeys(one.rules + other.rules)))
    try:
        left, right = one.inverted(is_inverted=False), other.inverted(is_inverted=False)
        return left._replace(rules=conjunction(left.rules, right.rules))
    except Unsayable:
        left, right = one.inverted(is_inverted=True), other.inverted(is_inverted=True)
        return left._replace(rules=tuple(dict.fromkeys(left.rules + right.rules)))


def conjunction(one: Iterable[Conditions], other: Iterable[Conditions]) -> tuple[Conditions, ...]:
    """Rules that hold where one of either list holds. Raises Unsayable."""
    found = [_together((*left, *right)) for left, right in _pairs(one, other)]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def negated(rules: Iterable[Conditions]) -> tuple[Conditions, ...]:
    """Rules that hold where none of *rules* does. Raises Unsayable."""
    found: tuple[Conditions, ...] = ((),)
    for rule in rules:
        found = conjunction(found, [(_opposite(condition),) for condition in rule])
    return found


def _pairs(one: Iterable[Conditions], other: Iterable[Conditions]) -> list[tuple[Conditions, Conditions]]:
    lists = tuple(one), tuple(other)
    if len(lists[0]) * len(lists[1]) > _MOST_RULES:
        raise Unsayable("it would take too many rules")
    return list(product(*lists))


def _opposite(condition: Condition) -> Condition:
    opposite = _OPPOSITE.get(condition.op)
    if opposite is None:
        raise Unsayable("there is no opposite of SCMP_CMP_MASKED_EQ")
    return condition._replace(op=opposite)


def _together(conditions: Conditions) -> Conditions | None:
    """*conditions* with one for each argument; None where they exclude each other. Raises Unsayable."""
    kept: dict[int, Condition] = {}
    for condition in dict.fromkeys(conditions):
        known = kept.get(condition.number)
        if known is None or _implies(condition, known):
            kept[condition.number] = condition
        elif _narrow(known, condition, holds=True) is None:
            return None
        elif not _implies(known, condition):
            raise Unsayable("a rule cannot have two conditions on one argument")
    return tuple(kept[number] for number in sorted(kept))


def _implies(one: Condition, other: Condition) -> bool:
    return _narrow(one, other, holds=False) is None


def _narrow(one: Condition, other: Condition, *, holds: bool) -> Domain | None:
    """What is left where *one* holds and *other* holds or not."""
    steps = Steps(_STEPS)
    domain = narrowed(WHOLE_DOMAIN, one, holds=True, steps=steps)
    return None if domain is None else narrowed(domain, other, holds=holds, steps=steps)
