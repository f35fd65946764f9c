"""MASKED_EQ whose value has bits that the mask takes away."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """Every MASKED_EQ that compares with bits outside its mask."""
    for rule in sight.rules:
        for argument in rule.arguments:
            lost = argument.value_two & ~argument.value
            if argument.op == "SCMP_CMP_MASKED_EQ" and lost:
                yield Found(
                    argument.place,
                    f"the bits {lost:#x} of valueTwo are outside the mask {argument.value:#x}, and dropped: "
                    f"{several(rule.names)} is compared with {argument.value_two & argument.value:#x}",
                )


LINT = Lint(
    id="mask-loses-bits",
    severity=Severity.WARNING,
    title="`valueTwo` has bits outside the mask.",
    why="libseccomp drops them without a word and compares with what is left. Often mask and value are "
    "exchanged.",
    advice="`value` is the mask, `valueTwo` what must be left of the argument.",
    source="seccomp_rule_add(3), SCMP_CMP_MASKED_EQ; measured with libseccomp 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 38, "valueTwo": 4294967295, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO",
     "args": [{"index": 0, "value": 4294967295, "valueTwo": 38, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
