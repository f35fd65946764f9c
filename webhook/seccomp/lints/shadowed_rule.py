"""A rule that another rule of the same call makes void."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several

if TYPE_CHECKING:
    from webhook.seccomp.profile import Place


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that has no effect because an unconditional one of the same call has another."""
    shadowed: dict[tuple[Place, Place], list[str]] = {}
    for name, rules in sight.by_name.items():
        if len(rules) == 1:
            continue
        taken = [rule for rule in rules if outcome_of(rule.action, rule.errno) != sight.default]
        winner = next((rule for rule in taken if not rule.arguments), None)
        for rule in taken:
            if winner is not None and outcome_of(rule.action, rule.errno) != outcome_of(
                winner.action, winner.errno
            ):
                shadowed.setdefault((rule.place, winner.place), []).append(name)
    for (place, winner_place), names in shadowed.items():
        yield Found(
            place,
            f"no effect on {several(names)}: the rule without conditions in line {winner_place.line} decides",
        )


LINT = Lint(
    id="shadowed-rule",
    severity=Severity.WARNING,
    title="Another rule for the same call makes this one void.",
    why="A rule without conditions erases all rules with conditions, before and after it. Of two rules "
    "without conditions the first wins and the second is dropped without a word.",
    advice="Keep one rule for the call, or give each of them conditions that exclude each other.",
    source="libseccomp, seccomp_rule_add(3); measured with libseccomp 2.5.4 and 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "personality"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["personality"], "action": "SCMP_ACT_KILL_PROCESS",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["personality"], "action": "SCMP_ACT_KILL_PROCESS",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
