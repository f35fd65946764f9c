"""MASKED_EQ that refuses where none of the bits is set."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every MASKED_EQ of a deny rule that compares with 0."""
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is None or not outcome.action.restricts:
            continue
        for argument in rule.arguments:
            if argument.op == "SCMP_CMP_MASKED_EQ" and argument.value and not argument.value_two:
                yield Found(
                    argument.place,
                    f"refuses {several(rule.names)} where none of the bits {argument.value:#x} is set, "
                    "and lets them through where one is",
                )


LINT = Lint(
    id="mask-without-value",
    severity=Severity.WARNING,
    title="A deny rule with MASKED_EQ has no `valueTwo`: it refuses where no bit is set.",
    why="For MASKED_EQ `value` is the mask and `valueTwo` what must be left; without it that is 0. A "
    "rule meant to refuse a flag refuses everything but that flag.",
    advice="Give the wanted bits in `valueTwo`, for one flag the same number as `value`.",
    source="seccomp_rule_add(3), SCMP_CMP_MASKED_EQ; OCI runtime specification, section Seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["clone"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["clone"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
