"""Conditions that the same arguments can meet, with different actions."""

from collections.abc import Iterator
from itertools import combinations, islice

from webhook.seccomp.actions import Outcome
from webhook.seccomp.conditions import exclude_each_other
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Rule
from webhook.seccomp.sight import Sight, outcome_of

_MOST = 10_000
"""So many pairs are looked at: a bound for hostile files."""


def look(sight: Sight) -> Iterator[Found]:
    """Every pair of conditional rules of one call with different actions that do not exclude each other."""
    for name, first, second in islice(_pairs(sight), _MOST):
        if not exclude_each_other(first, second):
            yield Found(
                second.place,
                f"{name}: the same arguments can meet the conditions of line {first.place.line}, "
                "which asks for another action",
            )


def _pairs(sight: Sight) -> Iterator[tuple[str, Rule, Rule]]:
    for name, rules in sight.by_name.items():
        if len(rules) == 1:
            continue
        taken = [rule for rule in rules if _effect(rule) != sight.default]
        if all(rule.arguments for rule in taken):
            for first, second in combinations(taken, 2):
                if _effect(first) != _effect(second):
                    yield name, first, second


def _effect(rule: Rule) -> Outcome | None:
    return outcome_of(rule.action, rule.errno)


LINT = Lint(
    id="overlapping-conditions",
    severity=Severity.WARNING,
    title="Two rules with different actions can hold for the same arguments.",
    why="Not the order of the file decides, but that of libseccomp: the highest argument first, then EQ, "
    "NE and MASKED_EQ before the others, then the value. With the very same condition the container "
    "does not start.",
    advice="Make conditions that exclude each other.",
    source="libseccomp, the order of its rule tree; measured with libseccomp 2.5.4 and 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 100, "op": "SCMP_CMP_LT"}]},
    {"names": ["personality"], "action": "SCMP_ACT_KILL_PROCESS",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]},
    {"names": ["personality"], "action": "SCMP_ACT_KILL_PROCESS",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
