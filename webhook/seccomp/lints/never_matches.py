"""A condition that no argument meets."""

from collections.abc import Iterator

from webhook.seccomp.conditions import is_never
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.loaded import WHOLE
from webhook.seccomp.sight import Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """Every condition that is false for all values, and every rule of conditions that exclude each other."""
    for rule in sight.rules:
        for argument in rule.arguments:
            if is_never(argument):
                what = "less than 0" if argument.op == "SCMP_CMP_LT" else f"greater than {WHOLE:#x}"
                yield Found(
                    argument.place, f"no argument is {what}: this rule for {several(rule.names)} never holds"
                )


LINT = Lint(
    id="never-matches",
    severity=Severity.WARNING,
    title="No argument meets this condition.",
    why="Arguments are unsigned 64-bit numbers: none is less than 0, none greater than 2^64-1. The rule "
    "has no effect.",
    advice="Correct the value or the operator; a negative int is compared as a large number.",
    source="seccomp_rule_add(3), scmp_compare; measured with libseccomp 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_LT"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_LT"}]}
  ]
}""",
    look=look,
)
