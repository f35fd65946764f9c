"""What becomes of one system call.

Source: seccomp(2), on what a filter is given; kernel, ``Documentation/userspace-api/seccomp_filter.rst``.
"""

from collections.abc import Callable
from typing import Final

from webhook.seccomp.actions import ENOSYS, Action, Outcome
from webhook.seccomp.architectures import ARCHITECTURES, X32, X32_BIT, X86_64
from webhook.seccomp.call import Arguments, Call, Verdict
from webhook.seccomp.loaded import Comparison, Condition, Loaded

_ENOSYS: Final = Outcome(Action.ERRNO, ENOSYS)
_NO_SYSTEM_CALL: Final = 0xFFFFFFFF
_NARROW: Final = frozenset(name for name, each in ARCHITECTURES.items() if each.bits == 32)  # noqa: PLR2004
_LOW: Final = 0xFFFFFFFF
_TWINS: Final = frozenset({X32, X86_64})

WHY_NO_FILTER: Final = "no filter is loaded"
WHY_ARCHITECTURE: Final = "this architecture is not in the filter"
WHY_ENOSYS: Final = "above every number that the profile names"
WHY_DEFAULT: Final = "the default action"
WHY_RULE: Final = "a rule"

_HOLDS: Final[dict[Comparison, Callable[[int, Condition], bool]]] = {
    Comparison.EQ: lambda given, condition: given == condition.value,
    Comparison.NE: lambda given, condition: given != condition.value,
    Comparison.LT: lambda given, condition: given < condition.value,
    Comparison.LE: lambda given, condition: given <= condition.value,
    Comparison.GT: lambda given, condition: given & condition.mask > condition.value,
    Comparison.GE: lambda given, condition: given & condition.mask >= condition.value,
    Comparison.MASKED_EQ: lambda given, condition: given & condition.value == condition.value_two,
}


def holds(condition: Condition, arguments: Arguments) -> bool:
    """Whether *arguments* meet *condition*."""
    return _HOLDS[condition.op](arguments[condition.number], condition)


def verdict(loaded: Loaded, call: Call) -> Verdict:
    """What becomes of *call*: its outcome, and the line of the rule that decides."""
    if not loaded.is_filter:
        return Verdict(loaded.default, None, WHY_NO_FILTER)
    architecture, number, arguments = call
    if loaded.enosys_above and _is_above(loaded, architecture, number):
        return Verdict(_ENOSYS, None, WHY_ENOSYS)
    if architecture in _TWINS:
        architecture = _twin(loaded, architecture, number)
    rules_of = loaded.filters.get(architecture)
    if rules_of is None:
        return Verdict(loaded.bad_architecture, None, WHY_ARCHITECTURE)
    rules = rules_of.get(number)
    if rules is not None:
        if architecture in _NARROW:
            # Of these a filter looks at the lower half only.
            arguments = tuple(each & _LOW for each in arguments)  # type: ignore[assignment]  # six as before
        for rule in rules:
            for condition in rule.conditions:
                if not _HOLDS[condition.op](arguments[condition.number], condition):
                    break
            else:
                return Verdict(rule.outcome, rule.place.line if rule.place else None, WHY_RULE)
    return Verdict(loaded.default, None, WHY_DEFAULT)


def _twin(loaded: Loaded, architecture: str, number: int) -> str:
    """Whose rules are asked: to the kernel x32 and x86_64 are one, but for a bit of the number."""
    if number == _NO_SYSTEM_CALL and X86_64 in loaded.filters:
        # By this number a tracer skips a call; a filter must let it come to its end.
        return X86_64
    if architecture == X86_64:
        return X32 if number >= X32_BIT else X86_64
    return X86_64 if number < X32_BIT else X32


def _is_above(loaded: Loaded, architecture: str, number: int) -> bool:
    """Whether runc's stub answers. Unlike the filter it looks at the bit of x32 alone."""
    if architecture in _TWINS:
        architecture = X32 if number & X32_BIT else X86_64
    last = loaded.enosys_above.get(architecture)
    return last is not None and (number > last or number in loaded.enosys_numbers.get(architecture, ()))
