"""What a condition on an argument means, before it is loaded.

Source: seccomp_rule_add(3), the comparisons of ``scmp_compare``; arguments are unsigned 64-bit numbers.
"""

from collections import Counter
from typing import Final

from webhook.seccomp.domains import WHOLE_DOMAIN, Domain, Steps, Undecided, narrowed
from webhook.seccomp.loaded import WHOLE, Comparison, Condition
from webhook.seccomp.profile import Argument, Rule

LOWER_HALF: Final = 2**32 - 1
_STEPS: Final = 1_000
_MOST: Final = 32


def is_never(argument: Argument) -> bool:
    """Whether no value meets the condition."""
    return (argument.op, argument.value) in {("SCMP_CMP_LT", 0), ("SCMP_CMP_GT", WHOLE)}


def is_always(argument: Argument) -> bool:
    """Whether every value meets the condition."""
    return (argument.op, argument.value) in {
        ("SCMP_CMP_GE", 0),
        ("SCMP_CMP_LE", WHOLE),
        ("SCMP_CMP_MASKED_EQ", 0),
    }


def doubled(rule: Rule) -> tuple[int, ...]:
    """The arguments on which the rule has more than one condition: that makes an OR of all of them."""
    return tuple(
        number for number, count in Counter(each.number for each in rule.arguments).items() if count > 1
    )


def exclude_each_other(one: Rule, other: Rule) -> bool:
    """Whether no arguments meet the conditions of both rules. Where that takes too long to tell: yes."""
    if max(len(one.arguments), len(other.arguments)) > _MOST:
        return True
    steps = Steps(_STEPS)
    try:
        return any(
            _is_empty(first, second, steps)
            for first in one.arguments
            for second in other.arguments
            if first.number == second.number
        )
    except (Undecided, ValueError):  # ValueError: an operator that does not exist
        return True


def _is_empty(one: Argument, other: Argument, steps: Steps) -> bool:
    domain: Domain | None = WHOLE_DOMAIN
    for each in (one, other):
        condition = Condition(each.number, Comparison(each.op), each.value, each.value_two)
        domain = domain and narrowed(domain, condition, holds=True, steps=steps)
    return domain is None
