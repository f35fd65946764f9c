"""A condition that every argument meets."""

from collections.abc import Iterator

from webhook.seccomp.conditions import is_always
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """Every condition that is true for all values."""
    for rule in sight.rules:
        for argument in rule.arguments:
            if is_always(argument):
                yield Found(
                    argument.place,
                    f"every argument meets this: the condition on {several(rule.names)} is none",
                )


LINT = Lint(
    id="always-matches",
    severity=Severity.ERROR,
    title="Every argument meets this condition.",
    why="At least 0 is every number: a rule with this condition alone holds always. Readers of the text, "
    "people and scoring programs, take it for a restriction.",
    advice="Correct the value or the operator, or remove the condition and say what is meant.",
    source="seccomp_rule_add(3), scmp_compare; measured with libseccomp 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["unshare"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_GE"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["unshare"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 1024, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
