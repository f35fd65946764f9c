"""What a condition on an argument means, before it is loaded.

Source: seccomp_rule_add(3), the comparisons of ``scmp_compare``; arguments are unsigned 64-bit numbers.
"""

from collections import Counter
from typing import Final

from webhook.seccomp.profile import Argument, Rule

GREATEST: Final = 2**64 - 1
LOWER_HALF: Final = 2**32 - 1


def is_never(argument: Argument) -> bool:
    """Whether no value meets the condition."""
    return (argument.op, argument.value) in {("SCMP_CMP_LT", 0), ("SCMP_CMP_GT", GREATEST)}


def is_always(argument: Argument) -> bool:
    """Whether every value meets the condition."""
    return (argument.op, argument.value) in {
        ("SCMP_CMP_GE", 0),
        ("SCMP_CMP_LE", GREATEST),
        ("SCMP_CMP_MASKED_EQ", 0),
    }


def doubled(rule: Rule) -> tuple[int, ...]:
    """The numbers of arguments on which the rule has more than one condition: those make all of them an OR."""
    return tuple(number for number, count in Counter(each.number for each in rule.arguments).items() if count > 1)
