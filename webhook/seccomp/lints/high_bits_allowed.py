"""An allow rule with `not equal` or `greater` on an int: high bits pass it."""

from collections.abc import Iterator

from webhook.seccomp.conditions import LOWER_HALF, is_always
from webhook.seccomp.int_arguments import calls_with_int
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of

_PASSED = {"SCMP_CMP_NE": "not equal", "SCMP_CMP_GT": "greater", "SCMP_CMP_GE": "at least"}


def look(sight: Sight) -> Iterator[Found]:
    """Every condition of an allow rule that a value of more than 32 bits meets, on an int."""
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is None or outcome.action.restricts:
            continue
        for argument in rule.arguments:
            if argument.op not in _PASSED or is_always(argument):
                continue
            passing = 1 << 32 | argument.value if argument.value <= LOWER_HALF else argument.value + 1
            for name in calls_with_int(rule.names, argument.number):
                yield Found(
                    argument.place,
                    f"{name} reads 32 bits of argument {argument.number}, the filter compares 64: "
                    f"{passing:#x} is {_PASSED[argument.op]} and means {passing & LOWER_HALF}",
                )


LINT = Lint(
    id="high-bits-allowed",
    severity=Severity.ERROR,
    title="An allow rule with NE, GT or GE on a 32-bit argument is passed with a high bit.",
    why="The filter compares 64 bits, the kernel then reads an int. socket(0x100000028, ...) is not 40 "
    "for the filter and AF_VSOCK for the kernel.",
    advice="Allow the wanted values with SCMP_CMP_EQ, or deny the unwanted with SCMP_CMP_MASKED_EQ, mask "
    "4294967295.",
    source="seccomp(2), struct seccomp_data; measured on Linux 6.18 with containerd's rule for socket",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
  ]
}""",
    look=look,
)
