"""Two conditions on one argument of a rule that allows: each of them alone is enough."""

from collections.abc import Iterator

from webhook.seccomp.conditions import doubled
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that lets through what was to meet several conditions, and need meet only one."""
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is not None and not outcome.action.restricts and (numbers := doubled(rule)):
            yield Found(
                rule.place,
                f"several conditions on argument {several(map(str, numbers))} of {several(rule.names)}: "
                f"one of the {len(rule.arguments)} conditions of this rule is enough to be let through",
            )


LINT = Lint(
    id="conditions-become-or",
    severity=Severity.ERROR,
    title="An allow rule has two conditions on one argument, and one of them is enough.",
    why="runc and crun make a rule of its own from every condition of such an entry, those on other "
    "arguments too. `not 38 and not 40` becomes `not 38, or not 40`, which is true of every number.",
    advice="Allow the wanted values one by one, each in a rule with SCMP_CMP_EQ or SCMP_CMP_MASKED_EQ.",
    source="runc, libcontainer/seccomp, matchCall; crun, src/libcrun/seccomp.c; measured with both",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [
      {"index": 0, "value": 38, "op": "SCMP_CMP_NE"},
      {"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]},
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
