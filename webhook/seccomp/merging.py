"""Two profiles as one: what either lets through, or what both do. By what is loaded, not by their text."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from webhook.seccomp.actions import EPERM, Action, Outcome
from webhook.seccomp.call import Verdict
from webhook.seccomp.comparison import Change, compare
from webhook.seccomp.dialects import Inexact
from webhook.seccomp.document import Document
from webhook.seccomp.domains import Undecided
from webhook.seccomp.forms import Conditions, Form, Unsayable, form_of, intersection, union
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Loaded
from webhook.seccomp.profile import Argument, Lost, Place, Profile, Rule
from webhook.seccomp.regions import RuleList
from webhook.seccomp.syscalls import name_of
from webhook.seccomp.target import Target
from webhook.seccomp.verdict import verdict

_PLACE: Final = Place(1, "")
_ALLOW: Final = Outcome(Action.ALLOW)
_REFUSE: Final = Outcome(Action.ERRNO, EPERM)


class Way(StrEnum):
    """How two profiles become one."""

    UNION = "union"
    """What either lets through."""
    INTERSECTION = "intersection"
    """What both let through."""


_COMBINE: Final[dict[Way, Callable[[Form, Form], Form]]] = {Way.UNION: union, Way.INTERSECTION: intersection}


def merged(one: Document, other: Document, way: Way, targets: Sequence[Target]) -> Profile:
    """A profile that lets through exactly the union or intersection of both on all *targets*.

    What both refuse is refused as the first does, where its rules can say that. Raises Inexact, with the
    reasons; NotStarted and Unreadable where one of the two is no good.
    """
    pairs = [(load(one.read_by(target), target), load(other.read_by(target), target)) for target in targets]
    reasons = tuple(_different_surroundings(one, other, pairs[0], way, targets[0]))
    if reasons:
        raise Inexact(reasons)
    profile = _profile(*pairs[0], way, targets[0])
    profile = profile._replace(flags=one.read_by(targets[0]).flags)
    for (before, after), target in zip(pairs, targets, strict=True):
        _prove(profile, (before, after), way, target)
    return profile


def _different_surroundings(
    one: Document, other: Document, pair: tuple[Loaded, Loaded], way: Way, target: Target
) -> Iterator[str]:
    """What of two profiles beside their rules cannot be merged."""
    if not (pair[0].is_filter and pair[1].is_filter):
        yield "one of the two is no filter: the container runs unconfined with it"
    if way is Way.UNION and pair[0].filters.keys() != pair[1].filters.keys():
        yield "their architectures differ: what one allows would be allowed on the other's, too"
    profiles = one.read_by(target), other.read_by(target)
    if (profiles[0].flags or None) != (profiles[1].flags or None):
        yield "their flags differ"
    if any(remark.lost is Lost.ELSEWHERE for profile in profiles for remark in profile.remarks):
        yield "one of them has a baseProfileName: the rules of that profile are not in this file"
    if any(profile.listener_path for profile in profiles):
        yield "one of them asks an agent (listenerPath)"


def _profile(one: Loaded, other: Loaded, way: Way, target: Target) -> Profile:
    """The merged rules for the target. Raises Inexact."""
    default = _default(one.default, other.default, way)
    by_rule: dict[tuple[Outcome, Conditions], list[str]] = {}
    reasons: list[str] = []
    for architecture in [target.architecture, *(one.filters.keys() & other.filters.keys())]:
        rules = one.filters[architecture], other.filters[architecture]
        for number in sorted(rules[0].keys() | rules[1].keys()):
            name = name_of(number, architecture)
            if name is None:
                continue
            lists = [
                RuleList(each.get(number, ()), Verdict(loaded.default, None))
                for each, loaded in zip(rules, (one, other), strict=True)
            ]
            try:
                for rule in _rules(lists, way, default):
                    names = by_rule.setdefault(rule, [])
                    if name not in names:
                        names.append(name)
            except Unsayable as unsayable:
                reasons.append(f"{name}: {unsayable}")
            except Undecided:
                reasons.append(f"{name}: its rules are too entangled")
    if reasons:
        raise Inexact(tuple(dict.fromkeys(reasons)))
    architectures = [each for each in one.filters if each in other.filters]
    return Profile(
        default.action,
        default.data if default.action is Action.ERRNO else None,
        tuple(architectures),
        rules=tuple(_rule(outcome, conditions, names) for (outcome, conditions), names in by_rule.items()),
    )


def _default(one: Outcome, other: Outcome, way: Way) -> Outcome:
    lets_through = [not each.action.restricts for each in (one, other)]
    if lets_through[0] == lets_through[1]:
        return one
    is_first = lets_through[0] is (way is Way.UNION)
    return one if is_first else other


def _rules(lists: Sequence[RuleList], way: Way, default: Outcome) -> list[tuple[Outcome, Conditions]]:
    """The rules for one call, beside *default*. Raises Unsayable."""
    if lists[0].decides_as(lists[1]) and lists[0].otherwise.outcome == default:
        return [(rule.outcome, rule.conditions) for rule in lists[0].rules]
    refuses = default if default.action.restricts else _REFUSE
    passes = _ALLOW if default.action.restricts else default
    form = _COMBINE[way](*(form_of(each, passes, refuses) for each in lists))
    if form.is_always:
        return [] if form.passes == default else [(form.passes, ())]
    if form.is_never:
        return [] if form.refuses == default else [(form.refuses, ())]
    if default.action.restricts:
        return [(form.passes, each) for each in form.inverted(is_inverted=False).rules]
    return [(form.refuses, each) for each in form.inverted(is_inverted=True).rules]


def _rule(outcome: Outcome, conditions: Conditions, names: Sequence[str]) -> Rule:
    arguments = tuple(
        Argument(each.number, each.value, each.value_two, each.op, _PLACE) for each in conditions
    )
    errno = outcome.data if outcome.action is Action.ERRNO else None
    return Rule(tuple(sorted(names)), outcome.action, errno, arguments, _PLACE)


def _prove(profile: Profile, pair: tuple[Loaded, Loaded], way: Way, target: Target) -> None:
    """Raises Inexact where *profile* does not let through what it should on *target*."""
    result = load(profile, target)
    unwanted, wanted = (Change.CLOSES, Change.OPENS) if way is Way.UNION else (Change.OPENS, Change.CLOSES)
    reasons: dict[str, None] = {}
    for own, foreign in (pair, pair[::-1]):
        comparison = compare(own, result)
        for unclear in comparison.unclear:
            reasons[f"{unclear.name}: its rules are too entangled to prove the result"] = None
        for each in comparison.differences:
            is_foreign = each.change is wanted and verdict(
                foreign, each.example
            ).outcome.action.restricts is (wanted is Change.CLOSES)
            if each.change is unwanted or (each.change is wanted and not is_foreign):
                reasons[f"{each.name or 'calls of newer kernels'}: not the same on {target.runtime}"] = None
    if reasons:
        raise Inexact(tuple(reasons))
