"""Two conditions on one argument of a rule that refuses: more is refused than was meant."""

from collections.abc import Iterator

from webhook.seccomp.conditions import doubled
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that refuses as soon as one of its conditions is met."""
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is not None and outcome.action.restricts and (numbers := doubled(rule)):
            yield Found(
                rule.place,
                f"several conditions on argument {several(map(str, numbers))} of {several(rule.names)}: "
                f"any one of the {len(rule.arguments)} conditions is enough to be refused",
            )


LINT = Lint(
    id="conditions-become-or-denied",
    severity=Severity.WARNING,
    title="A deny rule has two conditions on one argument, and one of them is enough.",
    why="runc and crun make a rule of its own from every condition of such an entry, those on other "
    "arguments too. `at least 2 and at most 5` becomes every number.",
    advice="Write a rule for each value, or one SCMP_CMP_MASKED_EQ.",
    source="runc, libcontainer/seccomp, matchCall; crun, src/libcrun/seccomp.c; measured with both",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [
      {"index": 0, "value": 2, "op": "SCMP_CMP_GE"},
      {"index": 0, "value": 5, "op": "SCMP_CMP_LE"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [
      {"index": 0, "value": 4294967295, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"},
      {"index": 1, "value": 3, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
