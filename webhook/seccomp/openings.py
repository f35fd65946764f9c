"""The calls that a profile opens: how, by which line, how dangerous that is, and who else would open them."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from webhook.seccomp.call import Call
from webhook.seccomp.comparison import Change, Comparison, Difference
from webhook.seccomp.dangerous import Danger, arguments_cut_off, asked_by_the_kernel, dangers_of
from webhook.seccomp.defaults import deciding_capabilities, runtime_default
from webhook.seccomp.domains import Steps, Undecided
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Comparison as Compared
from webhook.seccomp.loaded import Condition
from webhook.seccomp.profile import Rule
from webhook.seccomp.regions import Region
from webhook.seccomp.target import Target
from webhook.seccomp.verdict import verdict

_STEPS: Final = 2_000
_LOWER_HALF: Final = (1 << 32) - 1


class Opened(NamedTuple):
    """A call that reaches the kernel under the profile, and does not under the runtime's default.

    ``name`` is "" for all calls of kernels to come. ``example`` is such a call, a dangerous one if there is.
    ``line`` is the rule of the file that opens it; None where ``why`` says it (the default action, for one).
    ``is_whole`` says whether it is opened for all arguments; ``is_trap`` whether the like of the example
    needs bits in the upper half of an argument of which the kernel looks at the lower half.
    ``capabilities`` are those each of which alone would open the example under the runtime's default.
    ``asked_by_the_kernel`` are those of which the kernel itself asks one, and ``is_refused_anyway`` says that
    the container has none of them.
    """

    name: str
    architectures: tuple[str, ...]
    example: Call
    line: int | None
    why: str
    is_whole: bool
    is_trap: bool = False
    dangers: tuple[Danger, ...] = ()
    capabilities: tuple[str, ...] = ()
    asked_by_the_kernel: tuple[str, ...] = ()
    is_refused_anyway: bool = False


def opened(comparison: Comparison, target: Target) -> tuple[Opened, ...]:
    """What the second filter of *comparison* opens; the first is the runtime's default for *target*.

    The dangerous calls come first, then by name, and last those that have none.
    """
    together: dict[tuple[str, int | None, str, bool], list[Difference]] = {}
    for each in comparison.differences:
        if each.change is Change.OPENS:
            key = each.name, each.after.line, each.after.why, each.is_whole
            together.setdefault(key, []).append(each)
    found = [_of(differences, target) for differences in together.values()]
    openers = _openers(found, target)
    complete = [each._replace(capabilities=openers[each.example]) for each in found]
    return tuple(sorted(complete, key=_order))


def _order(each: Opened) -> tuple[bool, bool, str, int]:
    return not each.dangers, not each.name, each.name, each.line or 0


def _of(differences: Sequence[Difference], target: Target) -> Opened:
    """One call, by one rule, on one or several architectures: the machine's own comes first."""
    ordered = sorted(differences, key=lambda each: each.example.architecture != target.architecture)
    first = ordered[0]
    dangers: dict[Danger, None] = {}
    example, is_trap = _plainest(first, first.regions)
    for each in ordered:
        for danger in dangers_of(each.name, each.example.architecture):
            regions = _reached(danger, each.regions)
            if regions and danger.condition and not any(met.condition for met in dangers):
                example, is_trap = _plainest(each, regions)
            if regions:
                dangers.setdefault(danger)
    asked = asked_by_the_kernel(first.name)
    return Opened(
        first.name,
        tuple(each.example.architecture for each in ordered),
        example,
        first.after.line,
        first.after.why,
        first.is_whole,
        is_trap,
        tuple(dangers),
        (),
        asked,
        bool(asked) and target.capabilities.isdisjoint(asked),
    )


def _reached(danger: Danger, regions: Sequence[Region]) -> tuple[Region, ...]:
    """Where the danger is; everywhere if that is too hard to tell."""
    if danger.condition is None:
        return tuple(regions)
    try:
        return tuple(_narrowed(regions, danger.condition))
    except Undecided:
        return tuple(regions)


def _plainest(difference: Difference, regions: Sequence[Region]) -> tuple[Call, bool]:
    """An example, without bits that the kernel does not look at; if there is none, with them, and True."""
    plain = tuple(regions)
    try:
        for number in arguments_cut_off(difference.name, difference.example.architecture):
            plain = tuple(_narrowed(plain, Condition(number, Compared.LE, _LOWER_HALF)))
    except Undecided:
        plain = ()
    chosen = (plain or regions)[0].example
    return difference.example._replace(arguments=chosen), not plain


def _narrowed(regions: Iterable[Region], condition: Condition) -> Iterable[Region]:
    steps = Steps(_STEPS)
    for region in regions:
        if (smaller := region.where(condition, holds=True, steps=steps)) is not None:
            yield smaller


def _openers(found: Sequence[Opened], target: Target) -> dict[Call, tuple[str, ...]]:
    """By example, the capabilities each of which alone would open it under the runtime's default."""
    openers: dict[Call, tuple[str, ...]] = {each.example: () for each in found}
    names = {each.name for each in found}
    usual = set(_rules_of(names, target))
    for capability in sorted(deciding_capabilities(target) - target.capabilities):
        richer = target._replace(capabilities=target.capabilities | {capability})
        changed = usual.symmetric_difference(_rules_of(names, richer))
        touched = {name for rule in changed for name in rule.names}
        if not touched:
            continue
        # The calls in question are all that must be loaded: what the default says of others takes time only.
        default = runtime_default(richer)._replace(rules=_rules_of(touched, richer))
        filtered = load(default, richer)
        for each in found:
            if each.name in touched and not verdict(filtered, each.example).outcome.action.restricts:
                openers[each.example] += (capability,)
    return openers


def _rules_of(names: set[str], target: Target) -> tuple[Rule, ...]:
    """What the runtime's default says of the calls of these names."""
    return tuple(
        rule._replace(names=tuple(name for name in rule.names if name in names))
        for rule in runtime_default(target).rules
        if not names.isdisjoint(rule.names)
    )
