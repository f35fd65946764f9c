"""A negative int as 32 bits: the program's value may come with 64."""

from collections.abc import Iterator

from webhook.seccomp.conditions import LOWER_HALF
from webhook.seccomp.int_arguments import calls_with_int
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight

_NEGATIVE = 1 << 31


def look(sight: Sight) -> Iterator[Found]:
    """Every EQ and NE with a value whose highest of 32 bits is set, on an int argument."""
    for rule in sight.rules:
        for argument in rule.arguments:
            if argument.op in {"SCMP_CMP_EQ", "SCMP_CMP_NE"} and _NEGATIVE <= argument.value <= LOWER_HALF:
                extended = argument.value | LOWER_HALF << 32
                for name in calls_with_int(rule.names, argument.number):
                    yield Found(
                        argument.place,
                        f"{argument.value:#x} is not {extended:#x}, and a program "
                        f"may pass that for {argument.value - (1 << 32)} to {name}",
                    )


LINT = Lint(
    id="sign-extended",
    severity=Severity.NOTE,
    title="A negative int may reach the filter with 64 bits.",
    why="A C program that passes -1 may fill all 64 bits, and then it is not equal to 0xffffffff.",
    advice="Use SCMP_CMP_MASKED_EQ with the mask 4294967295, which looks at the lower half only.",
    source="seccomp(2), struct seccomp_data; measured with libseccomp 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 4294967295, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 4294967295, "valueTwo": 4294967295, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
